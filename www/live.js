// Keeps the newest page of the list live: new users appear at its top as they sign up, others get another name or go, and times
// stay right. The page is complete without this. Nothing moves while the list is in use: its new users wait for a button, and
// a row of a user who is gone is struck out until the list is no longer in use.

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

// After a removal a page is filled up from the next one: once for all that are removed in this time.
const FILL_MS = 1000;

// In the browser's storage while the reader has paused updates.
const PAUSED = "rollcall-paused";

const pause = button("pause", "Pause updates");
const show = button("show-new", "");

// Parts of the page, and what it says; begin() reads them.
let place, status, count, older;
let isEmpty, most, total, lastNumber, lastId;

let events = null;
let retry = null;
let retryMs = RETRY_MS;
let arrived = 0;
let renamed = 0;
let gone = 0;
let isOutdated = false;
let lastSeat = 0;
let isReplacing = false;
let filling = null;
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
  markWaiting(item);
  return item;
}

// Those behind the user who has the last seat wait; they move up when somebody leaves.
function markWaiting(item) {
  const isWaiting = lastSeat !== 0 && Number(item.id.replace("user-", "")) > lastSeat;
  const tag = item.querySelector(".waiting");

  if (tag && !isWaiting) tag.nextSibling.remove();
  if (tag && !isWaiting) tag.remove();
  if (tag || !isWaiting) return;
  const mark = document.createElement("span");
  mark.className = "tag waiting";
  mark.textContent = "Waiting";
  item.querySelector("time").before(mark, " ");
}

function onSheet({ data }) {
  lastSeat = JSON.parse(data).last_seat ?? 0;
  if (!isEmpty) for (const item of place.children) markWaiting(item);
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
  const parts = [];

  if (arrived > 0) parts.push(arrived === 1 ? "1 new user has signed up." : `${arrived} new users have signed up.`);
  if (renamed > 0) parts.push(renamed === 1 ? "1 user has another name." : `${renamed} users have other names.`);
  if (gone > 0) parts.push(gone === 1 ? "1 user was removed." : `${gone} users were removed.`);
  if (parts.length > 0) status.textContent = parts.join(" ");
  arrived = 0;
  renamed = 0;
  gone = 0;
}

function isInUse() {
  return isPointedAt || isTouched || place.contains(document.activeElement);
}

function writeCount() {
  count.textContent = `${total.toLocaleString("en")} ${total === 1 ? "user" : "users"}`;
}

// In the order of their numbers. They may be the newest of more.
function insert(users, number) {
  total += number;
  writeCount();
  for (const user of users) place.prepend(itemOf(user));
  trim();
}

// A list takes the place of the one that is there, but for the search, in which something may be typed. One that is empty is
// another page.
function putInPlace(page) {
  const list = page.querySelector("[data-live]");
  const isAnother = isEmpty || list.dataset.liveEmpty !== undefined;

  if (isAnother) document.querySelector("main").replaceWith(list.closest("main"));
  for (const part of isAnother ? [] : [".lead", "nav.pages", "nav.letters"]) {
    const now = page.querySelector(part);
    if (now && document.querySelector(part)) document.querySelector(part).replaceWith(now);
    else if (now) place.after(now);
    else document.querySelector(part)?.remove();
  }
  if (!isAnother) place.replaceWith(list);
}

// The list as the server writes it: with the first user, when the last one has gone, and when it is not known what has happened
// meanwhile. If it does not arrive, it is asked for again.
async function replaceList() {
  const hadFocus = document.activeElement === pause;

  if (isReplacing) return;
  close();
  isOutdated = false;
  isReplacing = true;
  try {
    const response = await fetch(LIST);
    putInPlace(new DOMParser().parseFromString(await response.text(), "text/html"));
    begin();
    if (hadFocus) pause.focus({ preventScroll: true });
  } catch {
    arrived = 0;
    if (isEmpty) lastId = "0";
    if (isEmpty) lastNumber = 0;
    isOutdated = !isEmpty;
    retry = setTimeout(followIfSeen, RETRY_MS);
  } finally {
    isReplacing = false;
  }
}

function setWaiting(users, number) {
  waiting = users.slice(-most);
  waitingCount = number;
  show.textContent = `Show ${number.toLocaleString("en")} new ${number === 1 ? "user" : "users"}`;
  show.hidden = number === 0;
}

const rowOf = (number) => document.getElementById(`user-${number}`);

// What had to wait until the list is no longer in use.
function settle() {
  if (isInUse() || isPaused || document.hidden) return;
  for (const row of place.querySelectorAll(".gone")) row.remove();
  if (isOutdated || (total === 0 && !isEmpty)) replaceList();
}

function fill() {
  filling = null;
  isOutdated = true;
  settle();
}

// A user who has not been shown yet, or is on another page, is only counted.
function onRemoved({ data, lastEventId }) {
  const { number } = JSON.parse(data);

  lastId = lastEventId;
  if (number > lastNumber || isEmpty) return;
  gone += 1;
  const before = waiting.length;
  waiting = waiting.filter((user) => user.number !== number);
  if (waiting.length < before) {
    setWaiting(waiting, waitingCount - 1);
    return;
  }
  total -= 1;
  writeCount();
  rowOf(number)?.classList.add("gone");
  if (older) filling ??= setTimeout(fill, FILL_MS);
  else settle();
}

// In place: the row stays where it is.
function onRenamed({ data, lastEventId }) {
  const renamedUser = JSON.parse(data);
  const name = rowOf(renamedUser.number)?.querySelector("bdi");

  lastId = lastEventId;
  waiting = waiting.map((user) => (user.number === renamedUser.number ? renamedUser : user));
  if (!name) return;
  name.textContent = renamedUser.username;
  renamed += 1;
}

function onReload({ lastEventId }) {
  lastId = lastEventId;
  isOutdated = true;
  settle();
}

function onUser(event) {
  const user = JSON.parse(event.data);

  lastId = event.lastEventId;
  if (user.number <= lastNumber) return;
  lastNumber = user.number;
  arrived += 1;
  // Later users wait for earlier ones, else they would appear in the wrong order.
  if (waitingCount > 0 || isInUse()) setWaiting([...waiting, user], waitingCount + 1);
  else if (isEmpty) replaceList();
  else insert([user], 1);
}

// The button that was pressed goes away, so the focus moves to the one beside it. A finger that was on a row may end its touch
// unseen, because the row is gone.
async function onShow() {
  const hadFocus = document.activeElement === show;

  isTouched = false;
  if (isEmpty) await replaceList();
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
  events = new EventSource(`${LIST}/events?after=${lastId}`);
  events.addEventListener("user", onUser);
  events.addEventListener("removed", onRemoved);
  events.addEventListener("renamed", onRenamed);
  events.addEventListener("reload", onReload);
  events.addEventListener("sheet", onSheet);
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
  else if (isOutdated && !isInUse()) replaceList();
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
  place.addEventListener("pointerleave", () => { isPointedAt = false; settle(); });
  place.addEventListener("focusout", () => setTimeout(settle));
  for (const type of ["touchstart", "touchend", "touchcancel"]) {
    place.addEventListener(type, ({ targetTouches }) => { isTouched = targetTouches.length > 0; settle(); }, { passive: true });
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
  [, lastId] = place.dataset.live.split("=");
  lastNumber = Number.parseInt(lastId, 10);
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
