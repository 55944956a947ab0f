// Delivering a file: drop it on the field, see how far it is. Without this script the form works as forms do.
"use strict";

(function () {
  const form = document.querySelector("[data-upload]");
  if (!form) return;

  const input = form.querySelector("input[type=file]");
  const zone = form.querySelector("[data-drop]");
  const chosen = form.querySelector("[data-chosen]");
  const problem = form.querySelector("[data-problem]");
  const bar = form.querySelector("progress");
  const button = form.querySelector("button[type=submit]");

  form.classList.add("enhanced");

  function tell(text) {
    problem.textContent = text;
    problem.hidden = !text;
  }

  function show() {
    const file = input.files[0];
    chosen.textContent = file ? file.name : form.dataset.none;
    const tooLarge = file && file.size > Number(form.dataset.limit);
    tell(tooLarge ? form.dataset.tooLarge : "");
    button.disabled = Boolean(tooLarge);
  }

  function stopped() {
    bar.hidden = true;
    button.disabled = false;
    tell(form.dataset.broken);
  }

  ["dragenter", "dragover"].forEach(function (name) {
    zone.addEventListener(name, function (event) {
      event.preventDefault();
      zone.classList.add("over");
    });
  });
  ["dragleave", "drop"].forEach(function (name) {
    zone.addEventListener(name, function (event) {
      event.preventDefault();
      zone.classList.remove("over");
    });
  });
  zone.addEventListener("drop", function (event) {
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      show();
    }
  });
  input.addEventListener("change", show);

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (!input.files.length) {
      tell(form.dataset.choose);
      input.focus();
      return;
    }
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", function (sent) {
      if (sent.lengthComputable) bar.value = sent.loaded / sent.total;
    });
    request.addEventListener("error", stopped);
    request.addEventListener("load", function () {
      if (request.status === 200) {
        window.location.assign(request.responseURL);
      } else {
        stopped();
      }
    });
    tell("");
    bar.hidden = false;
    button.disabled = true;
    request.send(new FormData(form));
  });

  show();
})();
