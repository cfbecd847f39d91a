// Sends the form without leaving its page: what was typed stays, whatever happens on the way. The page is complete without
// this, and an answer that is not known here is left to the browser, which sends the form again in its own way.

const FORM = 'form[action$="/create-user"]';

// The site may be under a path. Scripts are in the folder assets/ below it.
const LIST = new URL("../users", import.meta.url);

// Longer than a web server waits for the application.
const PATIENCE_MS = 40000;

// After this time the page follows what happens to the sheet.
const WATCH_MS = 10000;

let sending = null;

const button = () => document.querySelector(`${FORM} button`);

// Under the form, near what was pressed; screen readers read it out.
function tell(form, ...words) {
  const message = document.createElement("p");

  message.className = "trouble";
  message.setAttribute("role", "alert");
  message.append(...words);
  form.append(message);
}

// Whether the name was stored is not known then. The web server says with 502 and 504 that the application did not answer.
function tellUnknown(form, response) {
  const isAnswered = response && response.status !== 502 && response.status !== 504;
  const list = document.createElement("a");

  list.href = LIST;
  list.textContent = "the list";
  tell(form, isAnswered ? "Your sign-up could not be confirmed. " : "The server did not answer. ", advice(response),
    " Your name may be on ", list, " already.");
}

function advice(response) {
  const seconds = Number(response?.headers.get("Retry-After"));
  if (seconds === 1) return "Wait a second, then try again.";
  return seconds > 1 ? `Wait ${seconds} seconds, then try again.` : "Wait a moment, then try again.";
}

// When it opens or closes, in the time zone of the device, which is named. The page has it in UTC.
const DAY = { day: "numeric", month: "short", year: "numeric" };
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };

function showTimes() {
  for (const element of document.querySelectorAll(".terms time, .shut time")) {
    const time = new Date(element.dateTime);
    const [day, clock] = [DAY, CLOCK].map((parts) => new Intl.DateTimeFormat("en-GB", parts).format(time));
    element.textContent = `${day}, ${clock}`;
  }
}

// As the browser does it: from the top, with the focus on what went wrong. A browser refuses autofocus if something has the
// focus already, and complains.
function show(page) {
  const focused = page.querySelector("[autofocus]");

  focused?.removeAttribute("autofocus");
  document.title = page.title;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  showTimes();
  window.scrollTo(0, 0);
  focused?.focus();
}

// Returns whether the page is about to be left, for the page of the new user: the name was stored.
async function send(form) {
  const body = new URLSearchParams(new FormData(form));
  const headers = { Accept: "text/html" };
  const response = await fetch(form.action, { method: "POST", body, headers, signal: sending.signal });

  if (response.redirected) {
    location.assign(response.url);
    return true;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  // A sheet that is full or closed by now has a notice in the place of the form.
  if (page.querySelector(`main ${FORM}, main .shut`)) show(page);
  else if (response.status === 429) tell(form, "Too many sign-ups from your network. ", advice(response));
  else if (response.status >= 500) tellUnknown(form, response);
  else form.submit();
  return false;
}

// The button keeps the focus, so it is not disabled; a second press does nothing.
function rest() {
  sending = null;
  button()?.removeAttribute("aria-disabled");
}

async function onSubmit(event) {
  const form = event.target;

  if (!form.matches(FORM)) return;
  event.preventDefault();
  if (sending) return;
  sending = new AbortController();
  const patience = setTimeout(() => sending?.abort(), PATIENCE_MS);
  button().setAttribute("aria-disabled", "true");
  form.querySelector(".trouble")?.remove();
  const isLeaving = await send(form).catch(() => tellUnknown(form));
  clearTimeout(patience);
  if (!isLeaving) rest();
}

// A page that is left takes its form back, as it would without script, and can send it when it is seen again.
function onLeave() {
  sending?.abort();
  rest();
}

showTimes();
// Sign-up may close while the page is open. What tells of it is no part of loading the page.
function watchSheet() {
  import(new URL("../sheet.js", import.meta.url)).catch(() => {});
}

document.addEventListener("submit", onSubmit);
setTimeout(watchSheet, WATCH_MS);
window.addEventListener("pagehide", onLeave);
