/* What is open on the page and does not lie on the screen, and buttons whose label is cut, in words. */
() => {
  const kinds = [
    "[role=dialog]", "[role=menu]", "[role=listbox]", "[role=tooltip]", ".mantine-Popover-dropdown", ".mantine-Menu-dropdown",
    ".mantine-Drawer-content", ".mantine-Modal-content", ".lk-help", ".lk-hints",
  ].join();
  const wrong = [];
  for (const element of document.querySelectorAll(kinds)) {
    const box = element.getBoundingClientRect();
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || box.width < 2 || box.height < 2) continue;
    const inside = box.left >= -1 && box.right <= innerWidth + 1 && box.top >= -1;
    if (!inside) wrong.push(`${element.id || element.className} from ${Math.round(box.left)} to ${Math.round(box.right)} of ${innerWidth}, top ${Math.round(box.top)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth + 1) wrong.push(`the page scrolls sideways by ${document.documentElement.scrollWidth - innerWidth}`);
  const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.clientWidth > 1;
  for (const button of document.querySelectorAll("button, [role=button], .lk-button")) {
    const words = button.textContent.trim();
    if (!seen(button) || !words) continue;
    const cuts = (part) => part.clientWidth > 1 && getComputedStyle(part).overflow !== "visible" && (part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1);
    const text = document.createRange();
    text.selectNodeContents(button);
    const [inner, outer] = [text, button].map((each) => each.getBoundingClientRect());
    const leaves = inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
    const inFull = [button.title, button.getAttribute("aria-label")].some((told) => told?.includes(words)); // shortened, and named
    if (!inFull && (leaves || [button, ...button.querySelectorAll("*")].some(cuts))) wrong.push(`the label of the button "${words}" is cut`);
  }
  return wrong;
}
