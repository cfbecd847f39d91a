// The code of the link is its fragment, which no browser sends anywhere: it is put into the form, whose field is not needed then.
// The page is complete without this.

const field = document.querySelector("#key");
const code = location.hash.slice(1);

if (field && code && code !== "key") {
  field.value = code;
  field.closest(".field").hidden = true;
}
