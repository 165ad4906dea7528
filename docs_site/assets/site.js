// Wide tables scroll by keyboard too (WCAG 2.1, 2.1.1): the theme makes their wrappers when the page is shown.
const reachable = () =>
  document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])").forEach((wrapper) => wrapper.setAttribute("tabindex", "0"));
new MutationObserver(reachable).observe(document.documentElement, { childList: true, subtree: true });
reachable();
