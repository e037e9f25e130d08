// Every page loads this, and it loads the rest. A page that is opened as a file may load no module:
// then it says what to do instead.
{
  const folder = new URL(".", document.currentScript.src);
  const SERVE = "python -m http.server --bind 127.0.0.1 --directory _build/html";

  const explain = () => {
    const note = document.createElement("p");
    note.className = "live-note";
    note.append("The code of this page can be run when the page comes from a server, such as ");
    const command = document.createElement("code");
    command.textContent = SERVE;
    note.append(command, ".");
    document.querySelector("main h1")?.after(note);
  };

  const load = (name) => import(new URL(name, folder)).catch(explain);
  document.addEventListener("DOMContentLoaded", () => {
    if (document.querySelector(".cell[id^='cell-']")) load("cells.mjs");
    if (document.querySelector("form.clinic")) load("clinic.mjs");
  });

  // Paper is white and nothing on it can be opened: print in the light colours, all code unfolded.
  const { dataset } = document.documentElement;
  let theme;
  let folded = [];
  window.addEventListener("beforeprint", () => {
    theme = dataset.theme;
    dataset.theme = "light";
    folded = [...document.querySelectorAll("main details:not([open])")];
    for (const each of folded) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    dataset.theme = theme;
    for (const each of folded) each.open = false;
  });
}
