// Wide tables scroll by keyboard too (WCAG 2.1, 2.1.1): the theme makes their wrappers when the page is shown.
const reachable = () =>
  document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])").forEach((wrapper) => wrapper.setAttribute("tabindex", "0"));
new MutationObserver(reachable).observe(document.documentElement, { childList: true, subtree: true });
reachable();

// Long names in tables may break after a sign, and nowhere within a word. What is copied stays as it is.
const breakable = (code) =>
  [...code.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).forEach((node) => {
    const parts = node.textContent.split(/(?<=[_./=,|](?=\w))/);
    node.replaceWith(...parts.flatMap((part, index) => (index ? [document.createElement("wbr"), part] : [part])));
  });
document.querySelectorAll(".md-typeset td code").forEach(breakable);
