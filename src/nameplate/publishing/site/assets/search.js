"use strict";
// Works on what assets/index.js holds: a list of [name, kind, page]. Without it, the lists remain.
(function () {
  var box = document.getElementById("search");
  if (!box || !window.NAMEPLATE_INDEX) { return; }
  box.hidden = false;
  var input = document.getElementById("q"), list = document.getElementById("found");
  input.addEventListener("input", function () {
    var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    list.textContent = "";
    if (!words.length) { return; }
    var hits = window.NAMEPLATE_INDEX.filter(function (row) {
      var name = row[0].toLowerCase();
      return words.every(function (word) { return name.indexOf(word) >= 0; });
    });
    hits.slice(0, 30).forEach(function (row) {
      var item = document.createElement("li"), link = document.createElement("a");
      link.href = box.getAttribute("data-root") + row[2];
      link.textContent = row[0];
      item.appendChild(link);
      item.appendChild(document.createTextNode(" (" + row[1] + ")"));
      list.appendChild(item);
    });
    document.getElementById("count").textContent = hits.length + " found";
  });
})();
