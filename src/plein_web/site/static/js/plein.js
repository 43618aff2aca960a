// What a page does beyond links and forms. Everything here may be missing: the page works without.
//
//   live      the server tells that something changed; the page fetches its parts anew
//   list      new rows come by themselves, or wait while somebody is busy in the list
//   writing   the draft, sending with Ctrl+Enter, what happens without a connection
//   keys      single keys press the button that carries them

const page = document.querySelector(".inbox");
const list = document.getElementById("list");
const body = document.body;
document.documentElement.classList.add("js");

const byId = (id) => document.getElementById(id);
const say = (words) => {
  const place = document.querySelector("[data-announce]");
  if (place && words) place.textContent = words;
};

// --- live ---

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const TOGETHER = 250;
const LONGEST_REFRESH = 8000;

class Live {
  constructor(town, seen, changed) {
    this.address = (after) => `/live?town=${encodeURIComponent(town)}&after=${after}`;
    this.seen = seen;
    this.changed = changed;
    this.wait = FIRST_WAIT;
    this.open();
  }

  open() {
    this.source = new EventSource(this.address(this.seen));
    this.source.addEventListener("hello", () => {
      this.wait = FIRST_WAIT;
      // A greeting that was under way when the connection went says nothing about now.
      connected(navigator.onLine);
    });
    this.source.addEventListener("changed", (event) => {
      if (event.lastEventId) this.seen = event.lastEventId;
      this.changed(JSON.parse(event.data));
    });
    this.source.addEventListener("error", () => this.again());
  }

  again() {
    this.source.close();
    if (!navigator.onLine) connected(false);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.wait > 4 * FIRST_WAIT) connected(false);
      this.open();
    }, this.wait * (0.7 + 0.6 * Math.random()));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  now() {
    this.source.close();
    this.wait = FIRST_WAIT;
    clearTimeout(this.timer);
    this.open();
  }
}

function connected(yes) {
  const bar = document.querySelector("[data-offline]");
  if (bar) bar.hidden = yes || !document.querySelector("[data-signed-out]").hidden;
  if (!yes) return;
  sendKeptDraft();
  refreshSoon();
}

function signedOut() {
  document.querySelector("[data-signed-out]").hidden = false;
  connected(false);
}

async function part(url, target) {
  const headers = { "HX-Request": "true", "HX-Target": target };
  const answer = await fetch(url, { headers, credentials: "same-origin", redirect: "error" });
  if (answer.status === 401) signedOut();
  if (!answer.ok) throw new Error(answer.status);
  const fragment = document.createElement("template");
  fragment.innerHTML = await answer.text();
  return fragment.content;
}

const OURS = /^(conversation|post|outgoing|channel|hold)\.|^missed$/;
let asked = false;
let busy = false;

function changed(event) {
  refreshParts(event.kinds);
  if (!event.kinds.some((kind) => OURS.test(kind))) return;
  asked = true;
  if (!busy) refresh();
}

// Parts of a page that are simply fetched anew. While somebody is in the middle of one, it waits its turn.
const stale = new Set();
let soon = 0;

function refreshParts(kinds) {
  for (const place of document.querySelectorAll("[data-live]")) {
    if (kinds.includes(place.dataset.live) || kinds.includes("missed")) stale.add(place.id);
  }
  refreshStale();
}

const free = (place) => !place.contains(document.activeElement) && place.getBoundingClientRect().top > 0;

async function refreshStale() {
  for (const id of stale) {
    if (!free(byId(id))) continue;
    stale.delete(id);
    const fresh = (await part(location.href, id).catch(() => null))?.firstElementChild;
    const place = byId(id);
    if (!fresh || !free(place)) stale.add(id);
    else if (fresh.dataset.newest !== place.dataset.newest) place.replaceWith(fresh);
    if (!fresh) return;
  }
}

function refreshSoon() {
  clearTimeout(soon);
  if (stale.size) soon = setTimeout(refreshStale, TOGETHER);
}

document.addEventListener("focusout", refreshSoon);
document.addEventListener("scroll", refreshSoon, { capture: true, passive: true });

async function refresh() {
  busy = true;
  let wait = TOGETHER;
  while (asked) {
    asked = false;
    try {
      await Promise.all([refreshList(), refreshThread()]);
      wait = TOGETHER;
    } catch {
      // What was told is not told again, so that it is asked for again.
      asked = true;
      wait = Math.min(wait * 2, LONGEST_REFRESH);
    }
    await new Promise((done) => setTimeout(done, wait));
  }
  busy = false;
}

// --- list ---

const rowIds = (root) => [...root.querySelectorAll("[data-row]")].map((row) => row.dataset.row);
let waiting = null;

async function refreshList() {
  if (!list) return;
  const url = new URL(list.dataset.url, location.href);
  if (list.dataset.selected !== "0") url.searchParams.set("selected", list.dataset.selected);
  const fragment = await part(url, "list");
  for (const name of ["hearing", "tabs"]) replaceIfOther(`[data-part=${name}]`, fragment);
  showCount();
  const rows = fragment.querySelector("[data-part=rows]");
  const known = new Set(rowIds(list));
  const fresh = rowIds(rows).filter((id) => !known.has(id));
  if (fresh.length && (list.contains(document.activeElement) || scrolled(list) || list.dataset.longer)) {
    waiting = rows;
    showArrived(fresh.length);
  } else if (!list.dataset.longer) {
    showRows(rows, fresh);
  }
}

// A form's token is another one in every answer, and says nothing about what a part shows.
const bare = (part) => part.innerHTML.replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1").trim();
const inUse = (part) => part.contains(document.activeElement) || part.querySelector("details[open]");
let putOff = false;

function replaceIfOther(selector, fragment) {
  const now = document.querySelector(selector);
  const then = fragment.querySelector(selector);
  if (!now || !then || bare(now) === bare(then)) return;
  if (inUse(now)) putOff = true;
  else now.innerHTML = then.innerHTML;
}

// What was left alone because somebody was busy in it, is asked for again once they are done.
function catchUp() {
  if (!putOff) return;
  putOff = false;
  asked = true;
  if (!busy) setTimeout(refresh, TOGETHER);
}

document.addEventListener("focusout", catchUp);
document.addEventListener("toggle", catchUp, true);

const scrolled = (box) => box.scrollTop > 8 || (box.scrollHeight <= box.clientHeight && window.scrollY > 8);

function showRows(rows, fresh) {
  waiting = null;
  showArrived(0);
  if (list.innerHTML.trim() === rows.innerHTML.trim()) return;
  const focus = list.contains(document.activeElement) ? document.activeElement.id : "";
  const top = list.scrollTop;
  list.innerHTML = rows.innerHTML;
  list.scrollTop = top;
  if (focus) (byId(focus) ?? list).focus({ preventScroll: true });
  for (const id of fresh) byId(`row-${id}`)?.classList.add("row-link--arrived");
  if (fresh.length) say(newWords(fresh.length));
  globalThis.htmx?.process(list);
}

const newWords = (count) => (byId("keys")?.dataset.missed ?? "{n}").replace("{n}", count);

function showArrived(count) {
  const button = document.querySelector("[data-arrived]");
  if (!button) return;
  button.hidden = !count;
  button.textContent = newWords(count);
  if (count) say(newWords(count));
}

function showWaiting() {
  const rows = waiting;
  if (!rows) return;
  delete list.dataset.longer;
  const known = new Set(rowIds(list));
  showRows(rows, rowIds(rows).filter((id) => !known.has(id)));
  list.scrollTop = 0;
  list.querySelector("[data-row]")?.focus();
}

function showCount() {
  const there = document.querySelector("[data-part=tabs] [data-tab=todo] .count");
  const rail = document.querySelector("[data-count=inbox]");
  if (!rail) return;
  rail.firstElementChild.textContent = there?.textContent ?? "";
  rail.hidden = !Number.parseInt(rail.firstElementChild.textContent);
}

async function showOlder(link) {
  const fragment = await part(link.href, "list");
  const rows = fragment.querySelector("[data-part=rows]");
  const first = rowIds(rows)[0];
  const groups = [...list.querySelectorAll("h2.group")];
  const head = rows.querySelector("h2.group");
  if (head && groups.at(-1)?.textContent === head.textContent) head.remove();
  rows.querySelectorAll(".list-note").forEach((note) => note.remove());
  link.closest(".older").replaceWith(...rows.childNodes);
  list.dataset.longer = "yes";
  byId(`row-${first}`)?.focus();
}

function move(step) {
  const rows = [...list.querySelectorAll("[data-row]")];
  const here = rows.indexOf(document.activeElement.closest("[data-row]"));
  const current = rows.findIndex((row) => row.getAttribute("aria-current"));
  const next = here >= 0 ? here + step : current >= 0 ? current + step : 0;
  rows[Math.max(0, Math.min(rows.length - 1, next))]?.focus();
}

// --- the conversation ---

const CHOSEN = "input[name=post][form]:checked";
let picked = new URLSearchParams(location.search).has("to");

// An answer that nobody began, to a message that nobody chose, goes to the newest message.
function mayFollow() {
  const begun = unsaved || text.value.trim() || byId("answer-content_warning")?.value.trim();
  if (begun || picked) return false;
  const free = !form.contains(document.activeElement) && !document.activeElement.matches("input[name=post]");
  if (!free) putOff = true;
  return free;
}

async function refreshThread() {
  const thread = byId("thread");
  if (!thread?.dataset.url) return;
  const url = new URL(thread.dataset.url, location.href);
  const chosen = document.querySelector(CHOSEN);
  const follows = form && mayFollow();
  // Where the chosen post is gone and nobody chose another, nothing may be chosen in its place.
  if (follows) url.searchParams.delete("to");
  else if (document.querySelector("input[name=post][form]")) url.searchParams.set("to", chosen?.value ?? "");
  const fragment = await part(url, "thread");
  for (const name of ["head", "about"]) replaceIfOther(`[data-part=${name}]`, fragment);
  const fresh = fragment.querySelector(".tree");
  const now = thread.querySelector(".tree");
  if (follows && !mayFollow()) {
    asked = true;
    return;
  }
  if (!fresh || !now || bare(now) === bare(fresh)) return;
  const known = new Set([...now.querySelectorAll(".leaf")].map((leaf) => leaf.id));
  keepPlace(thread, () => now.replaceWith(fresh));
  const then = document.querySelector(CHOSEN);
  if (chosen && !then) retell();
  else if (chosen?.value !== then?.value) form?.dispatchEvent(new Event("follow"));
  const added = [...fresh.querySelectorAll(".leaf")].filter((leaf) => !known.has(leaf.id));
  if (added.length) say(added.map((leaf) => leaf.querySelector(".post__head")?.textContent.replace(/\s+/g, " ")).join(" "));
}

// Swap what is inside, and leave reader, focus and opened parts where they were.
function keepPlace(box, swap) {
  const edge = Math.max(box.getBoundingClientRect().top, 0);
  const anchor = [...box.querySelectorAll(".leaf")].find((leaf) => leaf.getBoundingClientRect().bottom > edge + 1);
  const before = anchor?.getBoundingClientRect().top;
  const atEnd = box.scrollHeight > box.clientHeight && box.scrollTop + box.clientHeight > box.scrollHeight - 24;
  const opened = [...box.querySelectorAll("details[open][id]")].map((one) => one.id);
  const focused = box.contains(document.activeElement) ? pathOf(document.activeElement) : null;
  swap();
  for (const id of opened) byId(id)?.setAttribute("open", "");
  if (focused) find(focused)?.focus({ preventScroll: true });
  if (atEnd) box.scrollTop = box.scrollHeight;
  else if (anchor) shift(box, (byId(anchor.id)?.getBoundingClientRect().top ?? before) - before);
}

function shift(box, by) {
  if (!by) return;
  if (box.scrollHeight > box.clientHeight) box.scrollTop += by;
  else window.scrollBy(0, by);
}

function pathOf(element) {
  const leaf = element.closest(".leaf");
  return leaf && { leaf: leaf.id, at: [...leaf.querySelectorAll(FOCUSABLE)].indexOf(element) };
}

const FOCUSABLE = "a, button, input, summary";
const find = (path) => byId(path.leaf)?.querySelectorAll(FOCUSABLE)[path.at];

// --- writing ---
//
// What somebody writes is kept on the server. A copy stays on this device while it is not there yet,
// and after sending until a page shows that it was sent: of two, the newer stands in the field.

const form = byId("answer-form");
const text = byId("answer-text");
const send = form?.querySelector("[data-send]");
const keptName = form && `plein-draft-${body.dataset.person}-${body.dataset.town}-${page.dataset.conversation}`;
const KEPT = ["text", "post", "visibility", "content_warning"];
let unsaved = false;
let writtenAt = 0;

// Times of this device and of the server are compared, so both are told by the server's clock.
const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0);
const serverNow = () => Date.now() + Number(form.dataset.now) - arrived;

// The server counts; until it has counted what stands there now, only sending can tell.
let counted = text?.value;
const tooLong = () => Boolean(form.querySelector("#count .too-long"));
const stops = () => !text.value.trim() || (tooLong() && counted === text.value);

function showSend() {
  const why = text.value.trim() ? (tooLong() ? "long" : "") : "empty";
  if (why) send.setAttribute("aria-disabled", "true");
  else send.removeAttribute("aria-disabled");
  for (const one of send.querySelectorAll("[data-why]")) one.hidden = one.dataset.why !== why;
}

function keepHere() {
  const data = new FormData(form);
  const fields = Object.fromEntries(KEPT.map((name) => [name, data.get(name) ?? ""]));
  localStorage.setItem(keptName, JSON.stringify({ fields, at: writtenAt || serverNow() }));
}

function forget() {
  unsaved = false;
  localStorage.removeItem(keptName);
}

function keptHere() {
  try {
    return JSON.parse(localStorage.getItem(keptName));
  } catch {
    return null;
  }
}

function putBack(fields) {
  text.value = fields.text;
  showSend();
  if (!fields.text.trim() && !fields.content_warning) return;
  if (!new URLSearchParams(location.search).get("to")) {
    for (const one of document.querySelectorAll("input[name=post][form]")) one.checked = one.value === fields.post;
  }
  const warning = byId("answer-content_warning");
  if (warning) warning.value = fields.content_warning;
  if (fields.visibility) putBackLevel(fields.visibility);
}

// The levels to choose from may be those of another message; the one that was chosen is told all the same.
function putBackLevel(level) {
  let field = byId("answer-visibility");
  if (!field || ![...field.options].some((one) => one.value === level)) {
    field?.remove();
    field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "visibility" });
    byId("where").append(field);
  }
  field.value = level;
}

const retell = () => text.dispatchEvent(new Event("input", { bubbles: true }));

function wasSent(kept) {
  return Number(form.dataset.sentAt) >= kept.at && form.dataset.sent.startsWith(kept.fields.text.trim());
}

async function sendKeptDraft() {
  if (!form || !unsaved || form.dataset.sending || !keptHere()) return;
  const at = writtenAt;
  const answer = await save().catch(() => null);
  if (answer?.status === 401) signedOut();
  if (at !== writtenAt) return;
  if (answer?.status === 409) {
    forget();
    putBack(await answer.json());
    retell();
  } else if (answer?.ok) {
    forget();
    byId("saved").textContent = await answer.text();
  }
}

// A save may overtake an older one: each says how old its words are.
const written = () => Math.ceil(writtenAt);

function save(more = {}) {
  const data = new FormData(form);
  data.set("written", written());
  const headers = { "HX-Request": "true" };
  return fetch(form.dataset.draft, { method: "POST", body: data, headers, credentials: "same-origin", redirect: "error", ...more });
}

if (form) {
  showSend();
  const kept = keptHere();
  if (kept && (wasSent(kept) || kept.at <= Number(form.dataset.saved))) {
    forget();
  } else if (kept) {
    putBack(kept.fields);
    addEventListener("load", retell);
  }
  document.addEventListener("input", (event) => {
    if (event.target.form !== form) return;
    unsaved = true;
    writtenAt = serverNow();
    showSend();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter !== send) return;
    if (stops() || form.dataset.sending) {
      event.preventDefault();
      text.focus();
      return;
    }
    keepHere();
    if (!navigator.onLine) {
      event.preventDefault();
      unsaved = true;
      connected(false);
      return;
    }
    form.dataset.sending = "yes";
    // Going back finds the box as the server gives it, not as the browser remembers it.
    form.autocomplete = "off";
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[name=post]")) picked = true;
  });
  let counting = "";
  body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target.id === "count") counting = text.value;
  });
  body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "count") return;
    counted = counting;
    showSend();
  });
  let savedUpTo = 0;
  body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id === "saved") event.detail.parameters.written = written();
  });
  body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.id === "saved") savedUpTo = writtenAt;
  });
  body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.id !== "saved" || form.dataset.sending) return;
    if (!event.detail.successful) keepHere();
    else if (savedUpTo === writtenAt) forget();
  });
  // Somebody leaves within the second that a draft waits to be saved.
  addEventListener("pagehide", () => {
    if (!unsaved || form.dataset.sending) return;
    keepHere();
    save({ keepalive: true }).catch(() => null);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted && form.dataset.sending) location.reload();
  });
}

body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.xhr?.status === 401) signedOut();
});

body.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    copy.textContent = copy.dataset.copied;
    say(copy.dataset.copied);
  }
  const older = event.target.closest("[data-older]");
  if (older && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    showOlder(older).catch(() => location.assign(older.href));
  }
  if (event.target.closest("[data-arrived]")) showWaiting();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// --- keys ---

const inField = (element) => element.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

function press(key) {
  const wanted = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key.toLowerCase() === key);
  wanted?.click();
  return Boolean(wanted);
}

// Messages below each other that each have keys of their own: arrows go from one to the next.
function step(by) {
  const all = [...document.querySelectorAll("[data-step]")];
  const at = all.indexOf(document.activeElement.closest("[data-step]"));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return Boolean(next);
}

function pressHere(key) {
  const wanted = document.activeElement.closest("[data-step]")?.querySelector(`[data-here="${CSS.escape(key)}"]`);
  wanted?.click();
  return Boolean(wanted);
}

function back(field) {
  const menu = document.querySelector("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (field && field !== text) {
    // What stands in a field is not thrown away by a key.
  } else if (location.hash === "#side") {
    location.hash = "#thread";
  } else if (document.activeElement === text) {
    byId("thread").focus({ preventScroll: true });
  } else if (list && matchMedia("(min-width: 800px)").matches) {
    (list.querySelector("[aria-current]") ?? list.querySelector("[data-row]") ?? list).focus();
  } else {
    [...document.querySelectorAll(".back")].find((link) => link.offsetParent)?.click();
  }
}

function write() {
  if (!text) return false;
  const phone = document.querySelector(".only-phone .button");
  if (phone?.offsetParent) phone.click();
  else text.focus();
  return true;
}

function single(event) {
  const key = event.key.toLowerCase();
  if (key === "arrowdown" || key === "arrowup") return list ? (move(key === "arrowdown" ? 1 : -1), true) : step(key === "arrowdown" ? 1 : -1);
  if (key === "/") return document.querySelector("[data-search]")?.focus() ?? Boolean(document.querySelector("[data-search]"));
  if (key === "?" && byId("keys")) return byId("keys").showModal() ?? true;
  if (key === "r") return write();
  return pressHere(key) || press(key);
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && document.activeElement === text) {
    event.preventDefault();
    form.requestSubmit(send);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    back(inField(event.target));
    return;
  }
  if (body.dataset.keys !== "on" || inField(event.target)) return;
  if (event.key.startsWith("Arrow") && event.target.matches("[type=radio]")) return;
  if (event.key.startsWith("Arrow") && event.target.closest("#thread, .pane--side, dialog, summary")) return;
  if (single(event)) event.preventDefault();
});

// --- start ---

for (const one of document.querySelectorAll("[data-focus]")) one.focus();

if (list) {
  const place = `plein-list-${list.dataset.url}`;
  if (!document.querySelector("[autofocus]")) list.scrollTop = Number(sessionStorage.getItem(place) ?? 0);
  addEventListener("pagehide", () => sessionStorage.setItem(place, list.scrollTop));
  list.addEventListener("scroll", () => !scrolled(list) && waiting && !list.contains(document.activeElement) && showWaiting(), { passive: true });
}
const thread = byId("thread");
// The browser goes to the message of the address first, and lets go of the focus there.
const goOn = () => document.activeElement === body && thread.focus({ preventScroll: true });
if (thread && /^#(thread|(answer|post)-\d+)$/.test(location.hash)) addEventListener("load", () => setTimeout(goOn));
if (thread && ["", "#thread"].includes(location.hash)) {
  const chosen = thread.querySelector(".leaf:has(:checked)");
  const low = chosen && chosen.getBoundingClientRect().bottom - thread.getBoundingClientRect().bottom;
  if (low > 0) thread.scrollTop += low + 20;
}

if ((page || document.querySelector("[data-live]")) && body.dataset.town) {
  const live = new Live(body.dataset.town, document.querySelector("[data-seen]")?.dataset.seen ?? "", changed);
  addEventListener("online", () => live.now());
  addEventListener("offline", () => connected(false));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && live.source.readyState === EventSource.CLOSED) live.now();
  });
}
