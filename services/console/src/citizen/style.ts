/** Readable at 360 px and at 200 %, in both colour schemes, and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --edge: #6b7280; --accent: light-dark(#0b5394, #9cc9ff); font: 1rem/1.6 "Be Vietnam Pro", system-ui, sans-serif; }
* { box-sizing: border-box; }
body { margin: 0; }
header, main { max-width: 48rem; margin: 0 auto; padding: .75rem 1rem; }
header { border-bottom: 1px solid var(--edge); }
nav { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; }
nav form { margin-inline-start: auto; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip:not(:focus) { position: absolute; left: -100vw; }
h1 { font-size: 1.5rem; line-height: 1.3; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin-top: 2rem; }
label { display: block; margin-top: 1rem; font-weight: 600; }
input, button { font: inherit; padding: .6rem .75rem; border: 1px solid var(--edge); border-radius: .375rem; max-width: 100%; min-height: 2.75rem; }
input { width: 100%; }
button { background: var(--accent); color: light-dark(#fff, #111); border-color: transparent; margin-top: 1rem; cursor: pointer; }
nav button { margin: 0; }
.error { border-inline-start: .25rem solid light-dark(#b00020, #ff8a80); padding-inline-start: .75rem; }
dl { display: grid; grid-template-columns: minmax(8rem, auto) 1fr; gap: .35rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
.list { list-style: none; padding: 0; }
.list li { border-bottom: 1px solid color-mix(in srgb, var(--edge) 40%, transparent); padding: .6rem 0; }
.list small { display: block; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; padding: .4rem .6rem; border-bottom: 1px solid color-mix(in srgb, var(--edge) 40%, transparent); vertical-align: top; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dt { margin-top: .5rem; } }
.figures td { text-align: end; font-variant-numeric: tabular-nums; }
@media (max-width: 40rem) {
  .figures tr, .figures th[scope=row], .figures td { display: block; }
  .figures thead tr { display: flex; flex-wrap: wrap; gap: 0 1rem; }
  .figures th[scope=row], .figures td { border-bottom: 0; padding-block: .1rem; }
  .figures tr { border-bottom: 1px solid var(--edge); padding-block: .5rem; }
  .figures td[data-title] { display: flex; justify-content: space-between; gap: 1rem; }
  .figures td[data-title]::before { content: attr(data-title); }
}
@media print { header, form, .skip { display: none; } }
`;
