// Says before the end of a session that it will end. Without this script the page for signing in says it afterwards.
"use strict";

(function () {
  const BEFORE = 300; // seconds
  const note = document.querySelector("[data-session-ends]");
  const stay = note.querySelector("button");
  let timer;

  // A session lasts for all tabs of a browser: each says when it has asked for something.
  function seen(seconds) {
    try {
      window.localStorage.setItem("instroom-session-until", String(Date.now() + seconds * 1000));
    } catch (error) {
      // storage is switched off: then this tab knows of itself alone
    }
    wait(seconds);
  }

  function wait(seconds) {
    note.hidden = true;
    clearTimeout(timer);
    timer = setTimeout(warn, Math.max(seconds - BEFORE, 0) * 1000, seconds > BEFORE);
  }

  function warn(canStay) {
    note.hidden = false;
    stay.hidden = !canStay;
  }

  stay.addEventListener("click", function () {
    fetch(note.dataset.sessionEnds).then(function (answer) {
      if (answer.ok && !answer.redirected) {
        return answer.json().then(function (left) { seen(left.seconds); });
      }
      window.location.reload(); // it has ended: this leads to the page for signing in
    });
  });
  window.addEventListener("storage", function (event) {
    if (event.key === "instroom-session-until") {
      wait((Number(event.newValue) - Date.now()) / 1000);
    }
  });

  seen(Number(note.dataset.seconds));
})();
