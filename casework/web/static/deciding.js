// Deciding by keyboard: a digit picks an outcome and goes to what it asks for; Ctrl and Enter saves. The page works without it.
"use strict";

(function () {
  var form = document.querySelector("form[data-deciding]");
  if (!form) return;

  function writing(target) {
    return target && /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target.tagName === "INPUT" && !/^(radio|checkbox)$/.test(target.type));
  }

  function pick(radio) {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    var asked = radio.closest(".choice-block").querySelector(".detail select, .detail input");
    if (!asked && /\bdate\b/.test(radio.dataset.asks)) asked = form.querySelector("[name=next_date]");
    (asked || radio).focus();
  }

  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { event.preventDefault(); form.requestSubmit(); return; }
    if (event.ctrlKey || event.altKey || event.metaKey || writing(event.target)) return;
    var digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);  // the key's place: on a French keyboard a digit wants a shift
    var radio = digit && form.querySelector('[data-digit="' + digit[1] + '"]');
    if (radio) { event.preventDefault(); pick(radio); }
  });
})();
