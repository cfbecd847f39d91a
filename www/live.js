// Keeps the newest page of the list live: new users appear at its top as they sign up, and times stay right. The page is
// complete without this. Nothing moves while the list is in use: its new users wait for a button.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// If the server refuses a stream (too many, in all or from this network), the page asks again after this time, and then
// after twice as long each time, up to the longest.
const RETRY_MS = 15000;
const LONGEST_RETRY_MS = 120000;

// The site may be under a path. Scripts are in the folder assets/ below it.
const LIST = new URL("../users", import.meta.url).pathname;

// Screen readers hear a summary at this interval, not each name.
const ANNOUNCE_MS = 15000;

// In the browser's storage while the reader has paused updates.
const PAUSED = "rollcall-paused";

const pause = button("pause", "Pause updates");
const show = button("show-new", "");

// Parts of the page, and what it says; begin() reads them.
let place, status, count, older;
let isEmpty, most, total, lastNumber;

let events = null;
let retry = null;
let retryMs = RETRY_MS;
let arrived = 0;
let isPaused = false;
let isPointedAt = false;
let isTouched = false;

// Users that have not been shown: how many, and the newest of them, as many as fit on the page.
let waiting = [];
let waitingCount = 0;

// Milliseconds from the device's clock to the server's, once it is known.
let clockOffset = null;

function button(name, text) {
  const element = document.createElement("button");

  element.type = "button";
  element.className = name;
  element.textContent = text;
  return element;
}

function ago(number, unit) {
  return `${number} ${unit}${number === 1 ? "" : "s"} ago`;
}

// In the words of the server; null if it shows the date.
function relative(seconds) {
  if (seconds < MINUTE) return "just now";
  if (seconds < HOUR) return ago(Math.floor(seconds / MINUTE), "minute");
  if (seconds < DAY) return ago(Math.floor(seconds / HOUR), "hour");
  if (seconds < 7 * DAY) return ago(Math.floor(seconds / DAY), "day");
  return null;
}

// In the format of the server: 24 Nov 2026, 23:17 UTC.
function exact(created) {
  const [, day, month, year, clock] = new Date(created).toUTCString().split(" ");
  return `${Number(day)} ${month} ${year}, ${clock.slice(0, 5)} UTC`;
}

// The device's clock may be wrong. The first words are the server's own, so this is asked for when they are a minute old.
async function readClockOffset() {
  try {
    const response = await fetch(LIST, { method: "HEAD", cache: "no-store" });
    const offset = Date.parse(response.headers.get("Date")) - Date.now();
    return Number.isNaN(offset) ? null : offset;
  } catch {
    return null;
  }
}

// Until the server's time is known, a user has just signed up.
function writeTime(time) {
  const age = clockOffset === null ? 0 : (Date.now() + clockOffset - Date.parse(time.dateTime)) / 1000;
  const words = relative(age) ?? time.title;
  if (time.textContent !== words) time.textContent = words;
}

async function refreshTimes() {
  clockOffset ??= await readClockOffset();
  if (clockOffset !== null) document.querySelectorAll("main time").forEach(writeTime);
}

function onMinute() {
  if (!isPaused && !document.hidden) refreshTimes();
}

function itemOf(user) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const name = document.createElement("bdi");
  const time = document.createElement("time");

  item.id = `user-${user.number}`;
  item.className = "arrived";
  link.href = `${LIST}/${user.number}`;
  name.textContent = user.username;
  time.dateTime = user.created;
  time.title = exact(user.created);
  writeTime(time);
  link.append(name);
  item.append(link, " ", time);
  return item;
}

// What the server writes when the list is longer than a page. Returns the link to the next page, whose address is set later.
function becomeFirstPage() {
  count.before(`1 to ${most.toLocaleString("en")} of `);
  place.insertAdjacentHTML("afterend",
    `<nav class="pages" aria-label="Pages"><a rel="next" href="">Older</a> <a href="${LIST}?after=0">Oldest</a></nav>`);
  return place.nextElementSibling.firstElementChild;
}

// The page keeps its length; the link to the next page follows its end.
function trim() {
  while (place.children.length > most) place.lastElementChild.remove();
  if (total > place.children.length) older ??= becomeFirstPage();
  const last = place.lastElementChild.id.replace("user-", "");
  if (older) older.href = `${LIST}?before=${last}`;
}

function announce() {
  if (arrived === 0) return;
  status.textContent = arrived === 1 ? "1 new user has signed up." : `${arrived} new users have signed up.`;
  arrived = 0;
}

function isInUse() {
  return isPointedAt || isTouched || place.contains(document.activeElement);
}

// In the order of their numbers. They may be the newest of more.
function insert(users, number) {
  total += number;
  count.textContent = `${total.toLocaleString("en")} ${total === 1 ? "user" : "users"}`;
  for (const user of users) place.prepend(itemOf(user));
  trim();
}

// With the first user comes a list, as the server writes it. If it does not arrive, its users are asked for again.
async function replaceEmptyList() {
  const hadFocus = document.activeElement === pause;

  close();
  try {
    const response = await fetch(LIST);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    document.querySelector("main").replaceWith(page.querySelector("[data-live]").closest("main"));
    begin();
    if (hadFocus) pause.focus({ preventScroll: true });
  } catch {
    arrived = 0;
    lastNumber = 0;
    retry = setTimeout(followIfSeen, RETRY_MS);
  }
}

function setWaiting(users, number) {
  waiting = users.slice(-most);
  waitingCount = number;
  show.textContent = `Show ${number.toLocaleString("en")} new ${number === 1 ? "user" : "users"}`;
  show.hidden = number === 0;
}

function onUser(event) {
  const user = JSON.parse(event.data);

  if (user.number <= lastNumber) return;
  lastNumber = user.number;
  arrived += 1;
  // Later users wait for earlier ones, else they would appear in the wrong order.
  if (waitingCount > 0 || isInUse()) setWaiting([...waiting, user], waitingCount + 1);
  else if (isEmpty) replaceEmptyList();
  else insert([user], 1);
}

// The button that was pressed goes away, so the focus moves to the one beside it. A finger that was on a row may end its touch
// unseen, because the row is gone.
async function onShow() {
  const hadFocus = document.activeElement === show;

  isTouched = false;
  if (isEmpty) await replaceEmptyList();
  else insert(waiting, waitingCount);
  setWaiting([], 0);
  if (hadFocus) pause.focus({ preventScroll: true });
  refreshTimes();
}

function close() {
  events?.close();
  clearTimeout(retry);
  events = null;
  retry = null;
}

// An EventSource reconnects by itself when a stream ends, with the id of its last event; but not after a response that is no
// stream.
function follow() {
  close();
  events = new EventSource(`${LIST}/events?after=${lastNumber}`);
  events.addEventListener("user", onUser);
  events.addEventListener("open", () => { retryMs = RETRY_MS; });
  events.addEventListener("error", () => {
    if (events?.readyState !== EventSource.CLOSED) return;
    retry = setTimeout(follow, retryMs);
    retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
  });
}

// A browser has six connections to a site over HTTP/1.1: a list that nobody sees must not keep one. When it is seen again it
// goes on after the last user it has had.
function followIfSeen() {
  if (document.hidden || isPaused) close();
  else if (!events) follow();
}

// Time has passed unseen, and the device may have set its clock.
function onReturn() {
  clockOffset = null;
  onMinute();
  followIfSeen();
}

// A browser may refuse its storage. Then the choice lasts as long as the page.
function readPaused() {
  try {
    return localStorage.getItem(PAUSED) !== null;
  } catch {
    return false;
  }
}

function storePaused() {
  try {
    if (isPaused) localStorage.setItem(PAUSED, "");
    else localStorage.removeItem(PAUSED);
  } catch {
    // As above.
  }
}

function setPaused(value) {
  isPaused = value;
  pause.setAttribute("aria-pressed", value);
}

function onPause() {
  setPaused(!isPaused);
  storePaused();
  if (!isPaused) refreshTimes();
  followIfSeen();
}

function addButtons() {
  const arrivals = document.createElement("div");

  arrivals.className = "arrivals";
  arrivals.append(show);
  setWaiting([], 0);
  place.before(arrivals);
  setPaused(readPaused());
  // An empty list has nothing that could move, so there is no pause to begin.
  if (!isEmpty || isPaused) document.querySelector("h1").before(pause);
}

// A finger that scrolls ends its pointer, but not its touch.
function watchUse() {
  isPointedAt = false;
  isTouched = false;
  place.addEventListener("pointerenter", ({ pointerType }) => { isPointedAt = pointerType !== "touch"; });
  place.addEventListener("pointerleave", () => { isPointedAt = false; });
  for (const type of ["touchstart", "touchend", "touchcancel"]) {
    place.addEventListener(type, ({ targetTouches }) => { isTouched = targetTouches.length > 0; }, { passive: true });
  }
}

function begin() {
  place = document.querySelector("[data-live]");
  status = document.querySelector("[data-live-status]");
  count = document.querySelector("strong.count");
  older = document.querySelector('a[rel="next"]');
  isEmpty = place.dataset.liveEmpty !== undefined;
  most = Number(place.dataset.most) || 50;
  total = isEmpty ? 0 : Number.parseInt(count.textContent.replaceAll(",", ""), 10);
  lastNumber = Number(place.dataset.live.split("=")[1]);
  addButtons();
  watchUse();
  followIfSeen();
}

if (document.querySelector("[data-live]")) {
  begin();
  show.addEventListener("click", onShow);
  pause.addEventListener("click", onPause);
  // A page in the browser's back/forward cache must not keep a connection.
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", ({ persisted }) => { (persisted ? onReturn : followIfSeen)(); });
  document.addEventListener("visibilitychange", () => { (document.hidden ? close : onReturn)(); });
  setInterval(onMinute, MINUTE * 1000);
  setInterval(announce, ANNOUNCE_MS);
}
