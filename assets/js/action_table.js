/* Actions that have keys: `python -m dashboard.components.action_table` writes this from its table. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  likeness.actionTable = [
    {"id": "step", "title": "step 0.05", "keys": [["←"], ["→"]], "where": "slider", "needs": ""},
    {"id": "leap", "title": "step 0.50", "keys": [["PageUp"], ["PageDown"]], "where": "slider", "needs": ""},
    {"id": "ends", "title": "−4 and +4", "keys": [["Home"], ["End"]], "where": "slider", "needs": ""},
    {"id": "pin-average", "title": "pin at the average face", "keys": [["0"]], "where": "slider", "needs": ""},
    {"id": "lock", "title": "lock here, or release", "keys": [["L"]], "where": "slider", "needs": ""},
    {"id": "put-back", "title": "put back where the seed had it", "keys": [["Shift", "L"]], "where": "slider", "needs": ""},
    {"id": "release", "title": "release", "keys": [["Delete"], ["Backspace"]], "where": "slider", "needs": ""},
    {"id": "random", "title": "random face, pins kept", "keys": [["R"]], "where": "face", "needs": "#stage"},
    {"id": "hold", "title": "hold: face without pins", "keys": [["B"]], "where": "face", "needs": ""},
    {"id": "favourite", "title": "favourite", "keys": [["F"]], "where": "face", "needs": "#recent-list"},
    {"id": "find", "title": "find an attribute", "keys": [["/"]], "where": "face", "needs": "#find"},
    {"id": "undo", "title": "undo", "keys": [["Ctrl", "Z"]], "where": "face", "needs": "#stage"},
    {"id": "redo", "title": "redo", "keys": [["Ctrl", "Shift", "Z"], ["Ctrl", "Y"]], "where": "face", "needs": "#stage"},
    {"id": "matrix-move", "title": "matrix: another cell", "keys": [["←"], ["→"], ["↑"], ["↓"]], "where": "focus", "needs": ""},
    {"id": "matrix-open", "title": "matrix: open the cell", "keys": [["Enter"]], "where": "focus", "needs": ""},
    {"id": "traverse", "title": "traverse: a step along it", "keys": [["←"], ["→"]], "where": "focus", "needs": ""},
    {"id": "compare-move", "title": "compare: move a card", "keys": [["←"], ["→"], ["↑"], ["↓"]], "where": "focus", "needs": ""},
    {"id": "collection-move", "title": "collections: move a card", "keys": [["↑"], ["↓"]], "where": "focus", "needs": ""},
    {"id": "mark", "title": "make your own: mark a face", "keys": [["+"], ["−"]], "where": "focus", "needs": ""},
    {"id": "page", "title": "page in the bar", "keys": [["1"], ["2"], ["3"], ["4"], ["5"], ["6"], ["7"]], "where": "everywhere", "needs": ""},
    {"id": "save", "title": "save", "keys": [["S"]], "where": "everywhere", "needs": "[data-action=\"save\"]"},
    {"id": "copy-link", "title": "copy link", "keys": [["K"]], "where": "everywhere", "needs": "#stage"},
    {"id": "download", "title": "download", "keys": [["D"]], "where": "everywhere", "needs": "#stage"},
    {"id": "scheme", "title": "light or dark", "keys": [["T"]], "where": "everywhere", "needs": "#scheme"},
    {"id": "shortcuts", "title": "this list", "keys": [["?"]], "where": "everywhere", "needs": ""},
    {"id": "next-slide", "title": "next slide", "keys": [["→"], ["Space"]], "where": "presentation", "needs": ""},
    {"id": "previous-slide", "title": "slide before", "keys": [["←"]], "where": "presentation", "needs": ""},
    {"id": "end-slides", "title": "first and last", "keys": [["Home"], ["End"]], "where": "presentation", "needs": ""},
    {"id": "open-slide", "title": "open what is shown", "keys": [["Enter"]], "where": "presentation", "needs": ""},
    {"id": "leave", "title": "leave", "keys": [["Esc"]], "where": "presentation", "needs": ""},
  ];
})();
