// The link's secret stands after the # of the address. It goes into the form, and out of the address and the history at once.
"use strict";

(function () {
  var box = document.querySelector("[data-from-address]");
  if (!box) return;

  function take() {
    var secret = /^#([A-Za-z0-9_-]{22})$/.exec(location.hash);
    if (!secret) return;
    box.querySelector("input").value = secret[1];
    history.replaceState(null, "", location.pathname);
    box.hidden = true;  // after a refusal it shows again, so that a wrong link can be corrected
    document.querySelector("[data-read]").hidden = false;
    document.querySelector("[name=code]").focus();
  }

  addEventListener("hashchange", take);  // the link was pasted into this very tab
  take();
})();
