/* Save dialog: puts the address of the page into a collection (components/save_dialog.py).

   A page whose state is more than a face adds to `likeness.savers`, by its path, a function that returns {kind, title}, and
   address where it is not the one in the address bar. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  likeness.savers = likeness.savers || {};

  const LAST = "likeness-collection"; // the collection used last
  const FIRST_NAME = "Faces";

  /** @param {string} id @param {Record<string, unknown>} props */
  const set = (id, props) => likeness.setProps(id, props);
  /** @param {string} id */
  const field = (id) => document.getElementById(id);

  /** @type {Saved} */
  let saving;
  let busy = false;

  const heading = () => document.querySelector("h1")?.textContent || "";
  /** Return "Latent space: PCA of scores", "Directions: Bias audit". */
  function viewWords() {
    const part = likeness.figures.title() || document.querySelector(".lk-tab[aria-current]")?.textContent;
    return part ? `${heading()}: ${part}` : heading();
  }

  /** @param {string} path */
  const isOfFace = (path) => path === "/" || path === "/demo";

  /** Return the item of the page: its kind, its address and its title.
   * @returns {Saved} */
  function shown() {
    const path = likeness.here();
    const hasFace = likeness.path === path && document.getElementById("stage");
    const query = hasFace ? `?${likeness.history.query()}` : window.location.search;
    const told = likeness.savers[path]?.() || {};
    const words = isOfFace(path) ? likeness.state.inWords() : viewWords();
    const kind = isOfFace(path) ? "face" : path === "/compare" ? "comparison" : "view";
    return { kind, address: path + query, title: words, ...told };
  }

  /** Open the dialog: for the whole page, or for a given part of it: {kind, title}.
   * @param {Partial<Saved>} [told] */
  async function open(told = {}) {
    saving = { ...shown(), ...told };
    set("save-dialog", { opened: true });
    if (!field("save-heading")) return; // users who may not save see the reason
    busy = false;
    problem("");
    write("save-heading", saving.title);
    write("save-note", "");
    /** @type {Reply<CollectionsAnswer>} */
    const { body, sentence } = await likeness.ask(likeness.to("/collections.json"));
    if (sentence) return problem(sentence);
    const last = remembered();
    const chosen = body.find(({ slug }) => slug === last) || body[0];
    choices(body, chosen?.slug || "");
    if (!chosen) write("save-name", FIRST_NAME);
  }

  /** @param {Pick<CollectionSummary, "slug" | "name">[]} all @param {string} slug */
  function choices(all, slug) {
    const offered = [...all, { slug: "", name: "A new collection" }];
    field("save-collection").replaceChildren(...offered.map((each) => new Option(each.name, each.slug)));
    field("save-collection").value = slug;
    field("save-where").toggleAttribute("data-new", slug === "");
  }

  /** Set a field's value, even if the component's stored value is the same.
   * @param {string} id
   * @param {string} value */
  function write(id, value) {
    set(id, { value: value + " " });
    set(id, { value });
  }

  /** @param {string} text */
  const problem = (text) => { field("save-problem").textContent = text; };

  document.addEventListener("change", (event) => {
    if (event.target.id === "save-collection") field("save-where").toggleAttribute("data-new", event.target.value === "");
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && /^save-(heading|name)$/.test(event.target.id)) save();
  });

  async function save() {
    if (busy) return; // a second click must not save a second item
    busy = true;
    const { sentence } = await sent();
    busy = false;
    if (sentence) problem(sentence);
  }

  /** @returns {Promise<{sentence?: string}>} */
  async function sent() {
    const [slug, name, title, note] = ["collection", "name", "heading", "note"].map((each) => field(`save-${each}`).value);
    let into = slug;
    if (!into) {
      /** @type {Reply<CollectionAnswer>} */
      const made = await likeness.write(likeness.to("/collections"), { name });
      if (made.sentence) return made;
      into = made.body.slug;
      choices([made.body], into); // a retry must not create another one
    }
    const { kind, address } = saving;
    /** @type {Reply<ItemAnswer>} */
    const { body, sentence } = await likeness.write(likeness.to(`/collections/${into}/items`), { kind, address, title, note });
    if (sentence) return { sentence };
    remember(into);
    const without = kind === "view" ? await illustrate(likeness.to(`/collections/${into}/items/${body.id}/still`)) : "";
    set("save-dialog", { opened: false });
    if (without) likeness.messages.toast(`Saved without a picture of its figure. ${without}`, "error");
    likeness.messages.toast("Saved", "good", [
      { text: "Open collection", href: likeness.to(`/collections/${into}`) },
      { text: "Undo", act: () => undo(likeness.to(`/collections/${into}/items/${body.id}/remove`)) },
    ]);
    return {};
  }

  /** Attach a picture of the page's figure, if it has one; returns an error message if that fails.
   * @param {string} address */
  async function illustrate(address) {
    try {
      const still = await likeness.figures.still();
      if (!still) return "";
      const { sentence } = await likeness.upload(`${address}?words=${encodeURIComponent(still.words)}`, still.picture, () => {}).done;
      return sentence || "";
    } catch (error) {
      return "This browser cannot draw it.";
    }
  }

  /** @param {string} address */
  async function undo(address) {
    const { sentence } = await likeness.write(address, {});
    likeness.messages.toast(sentence || "Not saved", sentence ? "error" : "good");
    likeness.collections?.changed();
  }

  function remembered() {
    try {
      return window.localStorage.getItem(LAST);
    } catch (error) {
      return null; // no storage (a private window): use the first one
    }
  }

  /** @param {string} slug */
  function remember(slug) {
    try {
      window.localStorage.setItem(LAST, slug);
    } catch (error) {
      // It is saved anyway.
    }
  }

  likeness.save = open;
  Object.assign((likeness.actions = likeness.actions || {}), { save: () => open(), "save-now": save });
})();
