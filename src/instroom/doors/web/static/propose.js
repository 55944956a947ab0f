// Proposes a short name from a title or a file name, until somebody types one. Without this script the server makes it.
"use strict";

document.querySelectorAll("[data-proposed-from]").forEach(function (name) {
  const from = document.getElementById(name.dataset.proposedFrom);
  let own = name.value !== "";

  function proposed(text) {
    const stem = name.dataset.proposedFrom === "file_name" ? text.replace(/\{\w+\}/g, "").replace(/\.\w+$/, "") : text;
    const plain = stem.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
    return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, name.maxLength).replace(/-$/, "");
  }

  name.addEventListener("input", function () { own = name.value !== ""; });
  from.addEventListener("input", function () { name.value = own ? name.value : proposed(from.value); });
});
