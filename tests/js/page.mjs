// A page without a browser: just enough of one that a script of assets/js can be run and asked.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import vm from "node:vm";

const SCRIPTS = new URL("../../assets/js/", import.meta.url);

/** What a script that is also a module exports. */
export const required = (name) => createRequire(import.meta.url)(new URL(name, SCRIPTS).pathname);

/** Run scripts in a page; its elements by id, and storage that keeps nothing but strings. */
export function page({ scripts, elements = {}, search = "", selectors = {} }) {
  const listeners = new Map();
  const listen = (name, heard) => listeners.set(name, [...(listeners.get(name) ?? []), heard]);
  const stored = new Map();
  const storage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, String(value)), removeItem: (key) => stored.delete(key) };
  const document = {
    currentScript: { src: "http://localhost/assets/js/script.js" },
    getElementById: (id) => elements[id] ?? null,
    querySelector: (selector) => selectors[selector] ?? elements[selector.slice(1)] ?? null,
    querySelectorAll: (selector) => selectors[selector] ?? [],
    addEventListener: listen,
  };
  const window = {
    document, addEventListener: listen, sessionStorage: storage, localStorage: storage,
    location: { search, pathname: "/", href: `http://localhost/${search}` }, dash_clientside: {},
  };
  const context = vm.createContext({
    ...window, window, EventTarget, CustomEvent, Event, URL, URLSearchParams, setTimeout, clearTimeout, performance, console,
  });
  for (const name of ["events.js", ...scripts]) vm.runInContext(readFileSync(new URL(name, SCRIPTS), "utf8"), context, { filename: name });
  return {
    window,
    likeness: window.likeness,
    /** Press a key on an element; gives whether the page took it. */
    press: (key, { target = { closest: () => null }, ...more } = {}) => {
      const event = { key, target, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...more, defaultPrevented: false };
      event.preventDefault = () => { event.defaultPrevented = true; };
      for (const heard of listeners.get("keydown") ?? []) heard(event);
      return event.defaultPrevented;
    },
  };
}
