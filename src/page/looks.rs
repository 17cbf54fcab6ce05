//! The style sheet and the few lines of script of the pages. Knows no claim.

/// Colours and measures of a channel in both themes, and of the page around it.
pub const STYLE: &str = "\
:root { color-scheme: light dark; --page: light-dark(#fbfbfb, #1c1d22); --ink: light-dark(#17181c, #ececf1); --line: light-dark(#8a8d99, #6c6f7a); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
a { color: light-dark(#0b57c4, #7cb4ff); }
:focus-visible { outline: 3px solid light-dark(#0b57c4, #7cb4ff); outline-offset: 2px; }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: 1rem 0; }
label { display: block; flex: 1 1 16rem; }
input { display: block; width: 100%; font: inherit; padding: .4rem; border: 1px solid var(--line); border-radius: 4px; background: var(--page); color: var(--ink); }
button { font: inherit; padding: .4rem .9rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
mark { background: #ffd75e; color: #17181c; }
.said { overflow-wrap: anywhere; }
.found { border-left: 4px solid #c9302c; padding-left: .7rem; }
.channel { border-radius: 8px; padding: 16px; margin: .5rem 0; font: 16px/1.375 'gg sans', 'Noto Sans', Helvetica, Arial, sans-serif; overflow-wrap: anywhere; }
.channel.dark { background: #313338; color: #dbdee1; } .channel.light { background: #ffffff; color: #313338; border: 1px solid #e3e5e8; }
.channel.phone { max-width: 390px; } .channel.desktop { max-width: 760px; }
.channel p, .channel blockquote { margin: 0; } .channel .gap { height: 1.375em; }
.channel blockquote { border-left: 4px solid #80848e; padding-left: 12px; }
.channel .item::before { content: '\\2022\\00a0'; } .channel .small { font-size: 13px; }
.channel.dark .small { color: #b5bac1; } .channel.light .small { color: #5c5e66; }
.channel.dark a { color: #00a8fc; } .channel.light a { color: #006ce7; }
.channel .name { font-weight: 600; } .channel .app { background: #5865f2; color: #fff; border-radius: 4px; font-size: 11px; padding: 1px 5px; margin-left: 4px; }
.channel details { margin-top: 8px; } .channel summary { display: inline-block; cursor: pointer; padding: 4px 16px; border-radius: 8px; font-size: 14px; }
.channel.dark summary { background: #4e5058; color: #fff; } .channel.light summary { background: #e3e5e8; color: #313338; }
.channel details > div { border-left: 2px solid #80848e; padding: 8px 0 8px 12px; margin-top: 8px; }
";

/// Loads the page anew when a file changed. Whatever is typed into the boxes stays, for the browser keeps it.
pub const SCRIPT: &str = "\
'use strict';
new EventSource('/events').addEventListener('changed', () => location.reload());
";
