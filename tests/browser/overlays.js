/* What is open on the page and does not lie on the screen, in words. */
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
  return wrong;
}
