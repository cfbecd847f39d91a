// Keeps the page of the loop live: once a second the server sends its parts anew, as it has written them into the page. Each is
// compared with the one that is there, and only what differs is changed, so that nothing that is read, selected or has the focus
// goes away, and lengths can change smoothly. The page is complete without this.

const EVENTS = new URL("../loop/events", import.meta.url);

// A stream that is refused is asked for again after this time, then after twice as long each time.
const RETRY_MS = 5000;
const LONGEST_RETRY_MS = 60000;

// Screen readers hear of changes no more often than this.
const ANNOUNCE_MS = 15000;

// An event comes each second. After this time without one, the figures are no longer those of now, even if the connection is there: a
// server that hangs does not close it.
const SILENCE_MS = 3000;

const pause = document.createElement("button");
const state = document.createElement("span");
const status = document.createElement("p");

let events = null;
let retry = null;
let retryMs = RETRY_MS;
let isPaused = false;
let heardAt = 0;
let listening = null;
let isLost = false;
let announcedAt = 0;
let announced = document.getElementById("verdict-title").textContent;

function takeAttributes(now, next) {
  for (const { name } of [...now.attributes]) if (!next.hasAttribute(name)) now.removeAttribute(name);
  for (const { name, value } of next.attributes) if (now.getAttribute(name) !== value) now.setAttribute(name, value);
}

// Children are compared in their order; those that are too many go, those that are missing come.
function takeChildren(now, next) {
  const later = [...next.childNodes];

  [...now.childNodes].forEach((child, i) => { if (i < later.length) become(child, later[i]); else child.remove(); });
  now.append(...later.slice(now.childNodes.length));
}

function become(now, next) {
  if (now.nodeName !== next.nodeName) {
    now.replaceWith(next);
  } else if (now.nodeType === Node.ELEMENT_NODE) {
    takeAttributes(now, next);
    takeChildren(now, next);
  } else if (now.data !== next.data) {
    now.data = next.data;
  }
}

function say(words) {
  if (state.textContent !== words) state.textContent = words;
  document.body.classList.toggle("turning", words === "live");
  document.body.classList.toggle("lost", isLost);
}

// What is shown is old. Screen readers hear of it once, not of each second.
function lose(words) {
  if (!isLost) status.textContent = "Nothing is heard from the server. The figures are old.";
  isLost = true;
  say(words);
}

// What the last second was like is announced later: it would take the place of this.
function live() {
  if (isLost) {
    status.textContent = "The server is heard again. The figures are live.";
    announcedAt = Date.now();
  }
  isLost = false;
  heardAt = Date.now();
  say("live");
}

function onListening() {
  const silence = Date.now() - heardAt;

  if (silence < SILENCE_MS || (isLost && events.readyState !== EventSource.OPEN)) return;
  lose(`nothing heard for ${Math.floor(silence / 1000)} s`);
}

// Screen readers hear what the last second was like when it is another; its numbers change all the time.
function announce() {
  const title = document.getElementById("verdict-title").textContent;

  if (title === announced || Date.now() < announcedAt + ANNOUNCE_MS) return;
  status.textContent = title;
  announced = title;
  announcedAt = Date.now();
}

function onLoop({ data }) {
  for (const part of [...new DOMParser().parseFromString(data, "text/html").body.children]) {
    const now = document.getElementById(part.id);
    if (now) become(now, part);
  }
  live();
  announce();
}

function close() {
  events?.close();
  clearTimeout(retry);
  clearInterval(listening);
  events = null;
}

function onError() {
  lose("not connected");
  if (events?.readyState !== EventSource.CLOSED) return;
  retry = setTimeout(follow, retryMs);
  retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
}

function follow() {
  close();
  events = new EventSource(EVENTS);
  listening = setInterval(onListening, 1000);
  events.addEventListener("loop", onLoop);
  events.addEventListener("open", () => { retryMs = RETRY_MS; });
  events.addEventListener("error", onError);
}

// A browser has six connections to a site over HTTP/1.1: a page that nobody sees must not keep one.
function followIfSeen() {
  if (document.hidden || isPaused) close();
  else if (!events) {
    if (!isLost) heardAt = Date.now();
    follow();
  }
}

function onPause() {
  isPaused = !isPaused;
  pause.setAttribute("aria-pressed", isPaused);
  if (isPaused) {
    isLost = false;
    say("paused");
  }
  followIfSeen();
}

pause.type = "button";
pause.className = "pause";
pause.textContent = "Pause";
pause.setAttribute("aria-pressed", false);
pause.addEventListener("click", onPause);
state.className = "state";
status.className = "visually-hidden";
status.setAttribute("role", "status");
document.body.append(status);
document.querySelector("h1").before(pause);
document.querySelector("h1").append(" ", state);
window.addEventListener("pagehide", close);
window.addEventListener("pageshow", followIfSeen);
document.addEventListener("visibilitychange", followIfSeen);
followIfSeen();
