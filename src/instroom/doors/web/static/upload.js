// Delivering a file: drop it on the field, see how far it is. Without this script the form works as forms do.
"use strict";

(function () {
  function enhance(form) {
    const input = form.querySelector("input[type=file]");
    const zone = form.querySelector("[data-drop]");
    const chosen = form.querySelector("[data-chosen]");
    const problem = form.querySelector("[data-problem]");
    const bar = form.querySelector("progress");
    const button = form.querySelector("button[type=submit]");

    const connection = form.querySelector("[data-by-file-name]");
    let chosenByHand = false;

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
      if (file && connection && !chosenByHand) {
        connection.value = fitting(file.name);
      }
    }

    // The only connection whose file name, which may have * and {date}, is that of the file; else the first choice,
    // with which the server decides.
    function fitting(name) {
      const parts = { "*": ".*", "{date}": "\\d[\\d_. -]{6,8}\\d", "{yyyy}": "\\d{4}" };
      const fit = Array.from(connection.options).filter(function (option) {
        const pattern = (option.dataset.fileName || "").replace(/\*|\{\w+\}|[.+^$()|[\]\\?{}]/g, function (token) {
          return parts[token] || (/^\{(yy|mm|dd)\}$/.test(token) ? "\\d{2}" : "\\" + token);
        });
        return pattern && new RegExp("^" + pattern + "$", "i").test(name);
      });
      return (fit.length === 1 ? fit[0] : connection.options[0]).value;
    }

    function stopped(text) {
      bar.hidden = true;
      button.disabled = false;
      tell(text || form.dataset.broken);
    }

    // What the page that was answered says, where it is one of ours.
    function said(answer) {
      const page = new DOMParser().parseFromString(answer, "text/html");
      const sentence = page.querySelector("[data-problem]:not([hidden]), [data-sentence]");
      return sentence ? sentence.textContent.trim() : "";
    }

    function send() {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.upload.addEventListener("progress", function (sent) {
        if (sent.lengthComputable && sent.loaded < sent.total) {
          bar.value = sent.loaded / sent.total;
        } else {
          bar.removeAttribute("value"); // all is sent, and being taken in
        }
      });
      request.addEventListener("error", function () { stopped(); });
      request.addEventListener("load", function () {
        if (request.status === 200) {
          window.location.assign(request.responseURL);
        } else {
          stopped(request.status === 413 ? form.dataset.tooLarge : said(request.responseText));
        }
      });
      tell("");
      bar.value = 0;
      bar.hidden = false;
      button.disabled = true;
      request.send(new FormData(form));
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
    if (connection) {
      connection.addEventListener("change", function () { chosenByHand = true; });
    }

    form.addEventListener("submit", function (event) {
      if (event.submitter && event.submitter.hasAttribute("formaction")) {
        bar.removeAttribute("value");
        bar.hidden = false;
        return; // the page that answers is not one to come back to, so the browser sends this form itself
      }
      event.preventDefault();
      if (input.files.length) {
        send();
      } else {
        tell(form.dataset.choose);
        input.focus();
      }
    });

    show();
  }

  function enhanceAll() {
    document.querySelectorAll("[data-upload]:not(.enhanced)").forEach(enhance);
  }

  enhanceAll();
  document.addEventListener("htmx:load", enhanceAll); // a part of the page was put in the place of another
})();
