//! The style sheets of the pages, and the few lines of script of a preview. Knows no claim.

/// Colours, type and measures of every page.
pub const BASE: &str = "\
:root { color-scheme: light dark; --page: light-dark(#fbfbfb, #1c1d22); --ink: light-dark(#17181c, #ececf1); --soft: light-dark(#55585f, #a9acb6); --line: light-dark(#8a8d99, #6c6f7a); --link: light-dark(#0b57c4, #7cb4ff); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { line-height: 1.2; } h2 { line-height: 1.3; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: 1rem 0; }
[hidden] { display: none; }
label { display: block; flex: 1 1 16rem; }
input { display: block; width: 100%; font: inherit; padding: .4rem; border: 1px solid var(--line); border-radius: 4px; background: var(--page); color: var(--ink); }
button { font: inherit; padding: .4rem .9rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
";

/// What the pages of a site have beside that: lines as long as one likes to read.
pub const SITE: &str = "\
body { max-width: 44rem; padding: 1rem 1.25rem 3rem; }
nav { margin-bottom: 1.5rem; }
h1 { font-size: 1.75rem; margin: 0 0 1rem; } h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; }
sup { line-height: 0; } sup a { text-decoration: none; padding: 0 .1em; }
blockquote { margin: .5rem 0; padding-left: 1rem; border-left: 4px solid var(--line); white-space: pre-line; }
figure { margin: .75rem 0; } figcaption, .small, footer { color: var(--soft); font-size: .875rem; }
.verdict { font-size: 1.125rem; border: 1px solid var(--line); border-radius: 6px; padding: .6rem .9rem; margin: 0 0 1rem; }
.note { border-left: 4px solid light-dark(#9a6700, #d4a72c); padding-left: .9rem; }
.small { margin: 0; }
.sources > li { margin-bottom: 1.25rem; } .sources > li > p { margin: 0; } .sources > li:target { outline: 2px solid var(--line); outline-offset: .4rem; }
.claims { list-style: none; padding: 0; } .claims li { padding: .5rem 0; border-bottom: 1px solid light-dark(#e1e2e6, #34363d); }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .75rem; }
@media print { nav, form { display: none; } body { max-width: none; } }
";

/// Colours and measures of a channel in both themes, and of what preview draws around it. Those of the
/// channel are Discord's, and docs/layout.md says of each where it comes from, or why it is another.
pub const PREVIEW: &str = "\
mark { background: #ffd75e; color: #17181c; }
.said { overflow-wrap: anywhere; }
.look { margin-right: .5rem; white-space: nowrap; } .look[aria-current=true] { color: var(--ink); font-weight: 600; text-decoration: none; }
[role=status] p { margin: .2rem 0; }
.found { border-left: 4px solid #c9302c; padding-left: .7rem; }
.channel { position: relative; border-radius: 8px; border: 1px solid; padding: 19px 24px 19px 72px; margin: .5rem 0; font: 16px/22px 'gg sans', 'Noto Sans', 'Helvetica Neue', Helvetica, Arial, sans-serif; overflow-wrap: anywhere; }
.channel.dark { background: #1a1a1e; color: #efeff1; border-color: #474851; } .channel.light { background: #fbfbfb; color: #2e2e34; border-color: #c5c6ca; font-weight: 500; }
.channel.phone { max-width: 390px; } .channel.desktop { max-width: 760px; } .channel :focus-visible { outline-color: currentColor; }
.channel .avatar { position: absolute; left: 16px; top: 21px; width: 40px; height: 40px; border-radius: 50%; background: #8a6d3b; color: #fff; text-align: center; font-size: 28px; line-height: 52px; } .channel .avatar::before { content: '\\00b9'; }
.channel .name { font-weight: 500; } .channel.dark .name { color: #fbfbfb; } .channel.light .name { color: #28282d; font-weight: 600; }
.channel .app { display: inline-flex; align-items: center; vertical-align: top; height: 15px; margin: 3.6px 0 0 4px; padding: 0 4.4px; border-radius: 4px; background: #5865f2; color: #fff; font-size: 12.8px; font-weight: 600; }
.channel p { margin: 0; } .channel .gap { height: 22px; } .channel strong { font-weight: 700; }
.channel .small { font-size: 14px; line-height: 19.25px; }
.channel blockquote { position: relative; box-sizing: border-box; max-width: calc(90% + 4px); margin: 4px 0; padding: 0 8px 0 16px; } .channel blockquote::before { content: ''; position: absolute; left: 0; top: 0; bottom: 0; width: 4px; border-radius: 4px; }
.channel.dark .small, .channel.dark blockquote { color: #abacb2; } .channel.light .small, .channel.light blockquote { color: #595a63; }
.channel.dark blockquote::before { background: #474851; } .channel.light blockquote::before { background: #c5c6ca; }
.channel ul, .channel ol { margin: 4px 0 0 16px; padding: 0; } .channel li { margin-bottom: 4px; }
.channel code { padding: 0 2.72px; border: 1px solid; border-radius: 4px; font-size: 13.6px; line-height: 18px; } .channel.dark code { background: #1e1f2e; border-color: #363644; } .channel.light code { background: #f4f5fa; border-color: #cecfd6; }
.channel.dark a { color: #4d96ee; } .channel.light a { color: #006dd4; }
.channel .buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 2px; } .channel details[open] { flex-basis: 100%; }
.channel summary, .channel .buttons > a { display: inline-flex; align-items: center; justify-content: center; box-sizing: border-box; height: 32px; min-width: 60px; padding: 3px 11px; border: 1px solid; border-radius: 8px; font-size: 14px; font-weight: 500; line-height: 18px; text-decoration: none; cursor: pointer; }
.channel.dark summary, .channel.dark .buttons > a { background: #28282d; border-color: #2c2c31; color: #fbfbfb; } .channel.light summary, .channel.light .buttons > a { background: #eeeeef; border-color: #dcdcdf; color: #28282d; }
.channel .buttons svg { width: 16px; height: 16px; margin-left: 8px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.channel details > div { border-left: 2px solid #80848e; padding: 8px 0 8px 12px; margin-top: 8px; }
";

/// Loads the page anew when a file changed since it was made. Whatever is typed into the boxes stays, for the browser keeps it.
/// The page is marked once it listens.
pub const SCRIPT: &str = "\
'use strict';
const shown = document.querySelector('meta[name=version]').content;
const events = new EventSource(`/events?seen=${shown}`);
events.addEventListener('changed', () => location.reload());
events.addEventListener('open', () => { document.documentElement.dataset.listening = ''; });
";

/// Colours and measures of a report, which is one file: so it has no quotes and no sign that a page
/// writes otherwise. The colours of the bars differ in lightness too.
pub const REPORT_STYLE: &str = "\
:root { color-scheme: light dark; --page: light-dark(#fbfbfb, #1c1d22); --card: light-dark(#ffffff, #25262c); --ink: light-dark(#17181c, #ececf1); --soft: light-dark(#53565f, #b3b6c0); --line: light-dark(#d3d5dc, #42444d); --one: light-dark(#0b57c4, #7cb4ff); --two: light-dark(#d98500, #c8691c); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: .5rem 0 0; } h2 { font-size: 1.15rem; margin: 0 0 .5rem; }
.span { color: var(--soft); margin: .25rem 0 1rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem; margin: 1rem 0; }
section p { margin: 0 0 .75rem; color: var(--soft); } ul { margin: 0; padding-left: 1.2rem; }
a { color: var(--one); } :focus-visible { outline: 3px solid var(--one); outline-offset: 2px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 0; }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .6rem .9rem; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.tiles dt { color: var(--soft); font-size: .85rem; line-height: 1.3; } .tiles dd { margin: 0; font-size: 1.7rem; font-weight: 600; line-height: 1.3; }
figure { margin: 0; } svg { display: block; width: 100%; height: auto; } svg text { fill: var(--soft); font: 13px system-ui, sans-serif; }
svg .grid { stroke: var(--line); stroke-width: 1; } svg .replies { fill: var(--one); } svg .suggestions { fill: var(--two); }
figcaption { color: var(--soft); font-size: .9rem; margin-top: .5rem; } .key { margin-right: 1rem; white-space: nowrap; }
.key { border-left: .8rem solid var(--one); padding-left: .4rem; } .key.suggestions { border-color: var(--two); }
details { margin-top: .75rem; } summary { cursor: pointer; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; font-weight: 400; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
th[scope=row] { min-width: 9rem; } th[scope=col] { color: var(--soft); font-size: .85rem; overflow-wrap: normal; } .number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; white-space: nowrap; padding-right: 0; padding-left: .75rem; }
tr:last-child th, tr:last-child td { border-bottom: 0; } small { display: block; color: var(--soft); font-size: .85rem; }
@media (max-width: 40rem) { body { padding: .6rem; } section { padding: .75rem; } svg text { font-size: 22px; } .number { padding-left: .5rem; } }
@media print { section { break-inside: avoid; } }
";
