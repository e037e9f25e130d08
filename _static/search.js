// The search page shows a piece of each page that it finds. Sphinx's script takes it from all of the
// page, with the names of its buttons, whose handlers the policy refuses aloud: this takes it from
// the text alone.
document.addEventListener("DOMContentLoaded", () => {
  Search.htmlToText = (page, anchor) => {
    const text = page.slice(page.indexOf("<article"), page.lastIndexOf("</article>"));
    const article = new DOMParser().parseFromString(text, "text/html");
    const aside = ".headerlink, script, style, svg, div.math";
    for (const each of article.querySelectorAll(aside)) each.remove();
    for (const each of article.querySelectorAll("span.math")) {
      each.textContent = each.textContent.replace(/^\\\(|\\\)$/g, "");
    }
    // An anchor may be empty: then its section has the text. Sphinx's script fails without any.
    const place = anchor ? article.querySelector(anchor) : null;
    const found = [place, place?.closest("section"), article.body];
    const texts = found.map((each) => each?.textContent.replace(/\s+/g, " ").trim());
    return texts.find((each) => each) ?? article.title;
  };
});
