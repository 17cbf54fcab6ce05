// Narrows the list of claims down to those that have every word typed. The list is on the page
// already, so nothing is asked of anybody.
'use strict';
(() => {
  const form = document.getElementById('search');
  const box = document.getElementById('words');
  const found = document.getElementById('found');
  // Accents and case tell nothing apart for somebody who searches.
  const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const groups = [...document.querySelectorAll('.group')].map((group) => ({
    group,
    items: [...group.querySelectorAll('li')].map((item) => ({
      item,
      words: plain(`${item.textContent} ${item.dataset.words}`),
    })),
  }));
  const all = groups.reduce((sum, { items }) => sum + items.length, 0);
  const narrow = () => {
    const asked = plain(box.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { group, items } of groups) {
      let any = false;
      for (const { item, words } of items) {
        item.hidden = !asked.every((word) => words.includes(word));
        if (!item.hidden) {
          any = true;
          shown += 1;
        }
      }
      group.hidden = !any;
    }
    found.textContent = `${shown} of ${all} claims`;
  };
  form.addEventListener('submit', (event) => event.preventDefault());
  box.addEventListener('input', narrow);
  // A browser that comes back here may have kept what was typed.
  window.addEventListener('pageshow', () => {
    if (box.value) narrow();
  });
  form.hidden = false;
})();
