// Looks at a page as it is laid out: what leaves the screen, is cut, lies on something else, is too small to hit, or cannot be told when
// it has the focus. Evaluated in the page by inspection.py; says each finding as « what: which element ».
() => {
  "use strict";
  const FOCUSABLE = "a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select:not([disabled]), " +
    "textarea:not([disabled]), summary, [tabindex='0']";
  const SMALLEST = 24;  // CSS pixels, WCAG 2.5.8
  const SLACK = 1;
  const root = document.documentElement;

  function name(element) {
    const own = element.id ? "#" + element.id : [...element.classList].map((each) => "." + each).join("");
    const text = (element.getAttribute("aria-label") || element.name || element.textContent || "").replace(/\s+/g, " ").trim();
    const around = element.parentElement ? " in " + element.parentElement.tagName.toLowerCase() + [...element.parentElement.classList].map((each) => "." + each).join("") : "";
    return element.tagName.toLowerCase() + own + " « " + text.slice(0, 40) + " »" + around;
  }

  const kept = new Map();
  // Drawn for eyes: neither hidden nor shrunk to a point for screen readers alone.
  function shown(element) {
    if (!kept.has(element)) kept.set(element, seen(element));
    return kept.get(element);
  }
  function seen(element) {
    if (element === document.body) return true;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    if (getComputedStyle(element).clipPath === "inset(50%)") return false;
    return !element.parentElement || shown(element.parentElement);
  }
  const all = () => [...document.body.querySelectorAll("*")].filter((each) => !each.closest("svg svg, svg > *") && shown(each));

  // A region that says its name, takes the focus and scrolls by itself may be wider than the screen.
  function scrolls(element) {
    for (let each = element.parentElement; each && each !== document.body; each = each.parentElement) {
      if (!/auto|scroll/.test(getComputedStyle(each).overflowX)) continue;
      return each.tabIndex === 0 && (each.hasAttribute("aria-label") || each.hasAttribute("aria-labelledby"));
    }
    return false;
  }

  function* sideways() {
    const more = root.scrollWidth - root.clientWidth;
    if (more > 0) yield `the document scrolls sideways by ${more} px`;
  }

  function* outside() {
    for (const each of all()) {
      const box = each.getBoundingClientRect();
      if (box.width < 2 || box.height < 2 || (box.right <= root.clientWidth + SLACK && box.left >= -SLACK) || scrolls(each)) continue;
      yield `outside the screen by ${Math.round(Math.max(box.right - root.clientWidth, -box.left))} px: ${name(each)}`;
    }
  }

  function* cut() {
    for (const each of all()) {
      if (each.matches("input, select, textarea, svg, svg *")) continue;
      const style = getComputedStyle(each);
      const wide = /hidden|clip/.test(style.overflowX) && each.scrollWidth > each.clientWidth + SLACK;
      const high = /hidden|clip/.test(style.overflowY) && each.scrollHeight > each.clientHeight + SLACK;
      if ((wide || high) && each.textContent.trim()) yield `cut: ${name(each)}`;
    }
  }

  // What a list that scrolls inside the page does not show just now lies on nothing.
  function scrolledAway(element, box) {
    for (let each = element; each && each !== document.body; each = each.parentElement) {
      if (!/auto|scroll/.test(getComputedStyle(each).overflowY)) continue;
      const edge = each.getBoundingClientRect();
      if (box.top < edge.top || box.bottom > edge.bottom) return true;
    }
    return false;
  }

  function texts() {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode, around = node.parentElement;
      if (!node.data.trim() || !shown(around) || around.closest("select, textarea, script, svg")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) if (box.width > 1 && !scrolledAway(around, box)) found.push({ node, around, box });
    }
    return found;
  }

  function drawn(element) {
    const style = getComputedStyle(element);
    return element.matches("td, th, button, .button") || (parseFloat(style.borderLeftWidth) && parseFloat(style.borderRightWidth)) ||
      !/^(transparent|rgba\(.*, 0\))$/.test(style.backgroundColor);
  }

  function* spilt() {
    for (const { around, box } of texts()) {
      let frame = around;
      while (frame !== document.body && !drawn(frame)) frame = frame.parentElement;
      if (frame === document.body || scrolls(around)) continue;
      const edge = frame.getBoundingClientRect();
      if (box.right > edge.right + SLACK || box.left < edge.left - SLACK) yield `text runs out of its frame: ${name(around)} out of ${name(frame)}`;
    }
  }

  const floats = (element) => {
    for (let each = element; each && each !== document.body; each = each.parentElement)
      if (/sticky|fixed|absolute/.test(getComputedStyle(each).position)) return true;
    return false;
  };

  function* overlapping() {
    const boxes = texts().filter(({ around }) => !floats(around) && !scrolls(around));
    boxes.sort((one, other) => one.box.top - other.box.top);
    for (let i = 0; i < boxes.length; i++) {
      for (let j = i + 1; j < boxes.length && boxes[j].box.top < boxes[i].box.bottom; j++) {
        if (boxes[i].node === boxes[j].node) continue;
        const a = boxes[i].box, b = boxes[j].box;
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top), wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        if (wide > 3 && high > 0.4 * Math.min(a.height, b.height)) yield `texts lie on one another: ${name(boxes[i].around)} and ${name(boxes[j].around)}`;
      }
    }
  }

  // A link in a sentence is as high as the sentence's lines; a box or a radio is hit through its label as well.
  function inSentence(link) {
    if (link.tagName !== "A" || getComputedStyle(link).display !== "inline") return false;
    let block = link.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    const letters = (text) => text.replace(/[^\p{L}\p{N}]/gu, "").length;
    const links = [...block.querySelectorAll("a, button")].reduce((sum, each) => sum + letters(each.textContent), 0);
    return letters(block.textContent) > links;
  }

  function* small() {
    for (const each of document.querySelectorAll(FOCUSABLE)) {
      if (!shown(each) || inSentence(each) || each.matches(".skip")) continue;
      const area = (each.matches("[type=radio], [type=checkbox]") && each.closest("label")) || each;
      const box = area.getBoundingClientRect();
      if (box.height < SMALLEST - 0.5 || box.width < SMALLEST - 0.5) yield `smaller than ${SMALLEST} px (${Math.round(box.width)} × ${Math.round(box.height)}): ${name(each)}`;
    }
  }

  function* page() {
    const heads = [...document.querySelectorAll("h1")].filter((each) => each.checkVisibility());
    if (heads.length !== 1) yield `${heads.length} first headings`;
    if (!/^[a-z]{2}/.test(root.lang)) yield "no language";
    if (!document.title.trim()) yield "no title";
    const first = document.querySelector(FOCUSABLE), aim = first && first.getAttribute("href");
    if (!aim || aim[0] !== "#" || !document.getElementById(aim.slice(1))) yield "no skip link first";
    const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
    for (const twice of new Set(ids.filter((each, place) => ids.indexOf(each) !== place))) yield `an id twice: ${twice}`;
  }

  const look = (element) => {
    const style = getComputedStyle(element);
    const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) ? `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}` : "";
    return { outline, shadow: style.boxShadow === "none" ? "" : style.boxShadow };
  };
  const bearers = (element) => [element, element.closest("label")].filter(Boolean);
  const group = (element) => (element.type === "radio" && element.name ? (element.form ? [...document.forms].indexOf(element.form) : "") + "/" + element.name : null);

  let stops, before, met, apart;
  // Where the Tab key should come by, and how each looks without the focus.
  function begin() {
    if (document.activeElement) document.activeElement.blur();
    stops = [...document.querySelectorAll(FOCUSABLE)].filter((each) => each.tabIndex >= 0 && each.checkVisibility({ visibilityProperty: true }));
    before = new Map(stops.flatMap(bearers).map((each) => [each, look(each)]));
    met = new Set();
    return stops.length;
  }

  function marked(element) {
    return bearers(element).some((each) => {
      const now = look(each), then = before.get(each) || { outline: "", shadow: "" };
      return (now.outline && now.outline !== then.outline) || (now.shadow && now.shadow !== then.shadow);
    });
  }

  function covered(element) {
    const area = (element.matches("[type=radio], [type=checkbox]") && element.closest("label")) || element;
    for (const box of area.getClientRects()) {
      const left = Math.max(box.left, 0), right = Math.min(box.right, root.clientWidth), top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
      if (right - left < 1 || bottom - top < 1) continue;
      for (const x of [0.5, 0.1, 0.9]) for (const y of [0.5, 0.15, 0.85]) {
        const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
        if (hit && (hit === element || element.contains(hit) || area.contains(hit))) return false;
      }
    }
    return true;
  }

  // After a press of Tab: what is wrong with whatever has the focus, and whether everything was come by.
  function arrive() {
    const here = document.activeElement;
    if (!here || here === document.body) return { wrong: [], done: !left().length };
    const wrong = [], first = !met.has(here);
    met.add(here);
    if (first && !marked(here)) wrong.push(`the focus is not seen: ${name(here)}`);
    if (first && covered(here)) wrong.push(`the focus is hidden: ${name(here)}`);
    return { wrong, done: !left().length };
  }

  // Of one group of radio buttons the Tab key comes by one.
  function left() {
    const groups = new Set([...met].map(group).filter(Boolean));
    return stops.filter((each) => each.checkVisibility() && !met.has(each) && !groups.has(group(each)));
  }

  function few(findings) {
    const list = [...new Set(findings)];
    return list.length > 4 ? [...list.slice(0, 4), `… and ${list.length - 4} more like « ${list[4]} »`] : list;
  }

  window.survey = {
    laid: () => { kept.clear(); return [sideways, outside, cut, spilt, overlapping, small].flatMap((each) => few(each())); },
    page: () => [...page()],
    unfold: () => document.querySelectorAll("main details").forEach((each) => { each.open = true; }),
    begin, arrive,
    missed: () => few(left().map((each) => `the Tab key does not come by: ${name(each)}`)),
    spaced: (on) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }");
      document.adoptedStyleSheets = [...document.adoptedStyleSheets.filter((each) => each !== apart), ...(on ? [sheet] : [])];
      apart = sheet;
    },
  };
}
