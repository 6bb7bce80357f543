/** The look of the page to hand out: light and dark by the reader's choice, on paper light, one sheet of A4 for six clusters. */
export const HAND_OUT_STYLE = `
:root { color-scheme: light dark; --ink: #1b1d21; --quiet: #565b63; --paper: #ffffff; --card: #ffffff; --line: #d9dce1; --track: #e9ebee; --link: #0b5cad; --warn: #7a4300; --warn-paper: #fff1d6; --edge: transparent; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceef1; --quiet: #adb3bc; --paper: #15171a; --card: #1d2024; --line: #363b42; --track: #30353b; --link: #8cbcff; --warn: #ffd591; --warn-paper: #46310c; --edge: #7d848e; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.5rem; max-width: 68rem; background: var(--paper); color: var(--ink); font: 15px/1.5 "Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; letter-spacing: -.02em; }
h2 { margin: 2.2rem 0 .7rem; font-size: 1.15rem; line-height: 1.3; }
h3 { margin: 0; font-size: 1rem; line-height: 1.35; display: flex; gap: .6rem; align-items: baseline; }
p { margin: .3rem 0; max-width: 50rem; }
a { color: var(--link); }
.about { color: var(--quiet); }
.generated { display: inline-block; margin-left: .5rem; padding: .05rem .55rem; border-radius: .3rem; background: var(--warn-paper); color: var(--warn); font-weight: 600; font-size: .87em; }
.lead { margin-top: .7rem; font-size: 1.2rem; line-height: 1.4; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)); gap: 1rem; }
article { padding: 1.2rem 1.1rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; break-inside: avoid; position: relative; overflow: hidden; }
article::before { content: ""; position: absolute; inset: 0 0 auto; height: .35rem; background: var(--mark); border-bottom: 1px solid var(--edge); }
.number { flex: none; display: inline-block; min-width: 1.7em; padding: 0 .3em; font-weight: 600; border: 2px solid var(--mark); border-radius: .3rem; box-shadow: 0 0 0 1px var(--edge); text-align: center; font-variant-numeric: tabular-nums; }
.news { margin: .4rem 0 0; color: var(--quiet); font-size: .87em; font-style: italic; }
dl, dd { margin: 0; }
.shares { display: flex; flex-wrap: wrap; gap: .5rem 1rem; margin: .8rem 0 .7rem; }
.shares > div { flex: 1 1 6rem; min-width: max-content; }
.shares dt { color: var(--quiet); font-size: .85em; }
.shares dd { font-size: 1.2rem; font-weight: 600; line-height: 1.3; white-space: nowrap; font-variant-numeric: tabular-nums; }
.part { color: var(--quiet); font-size: .8em; font-weight: 400; }
.shares .bar { height: .4rem; margin-top: .3rem; border-radius: .2rem; background: var(--track); overflow: hidden; }
.bar span { display: block; height: 100%; background: var(--mark); border-radius: .2rem; box-shadow: inset 0 0 0 1px var(--edge); }
.term { color: var(--quiet); }
.customers, .remark { color: var(--quiet); }
.remark { font-size: .87em; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 0 3rem; }
table { width: 100%; border-collapse: collapse; margin: .3rem 0; font-size: .93em; }
caption { padding-bottom: .3rem; color: var(--quiet); text-align: left; }
th, td { padding: .28rem .6rem .28rem 0; border-bottom: 1px solid var(--line); text-align: left; font-weight: 400; vertical-align: middle; }
thead th { color: var(--quiet); font-size: .92em; }
.figure { padding: .28rem 0 .28rem .6rem; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.sum th, .sum td { border-bottom: 0; border-top: 2px solid var(--quiet); font-weight: 600; }
.terms { columns: 18rem; column-gap: 3rem; }
.terms > div { margin-bottom: .6rem; break-inside: avoid; }
.terms dt { font-weight: 600; }
footer { margin-top: 2rem; padding-top: .8rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: .93em; }
footer p { max-width: none; }
@media (max-width: 30rem) { body { padding: 1.5rem 1rem; } .columns { grid-template-columns: 1fr; } }
@page { size: A4; margin: 9mm 12mm; }
@media print {
  :root { --ink: #000000; --quiet: #444444; --paper: #ffffff; --card: #ffffff; --line: #cccccc; --track: #e6e6e6; --link: #000000; --warn: #7a4300; --warn-paper: #fff1d6; --edge: transparent; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { max-width: none; padding: 0; font-size: 8.4pt; line-height: 1.33; }
  p { margin: .6mm 0; }
  h1 { font-size: 17pt; }
  h2 { margin: 3mm 0 1.1mm; font-size: 10.5pt; break-after: avoid; }
  h3 { font-size: 9pt; }
  .lead { margin-top: 1.2mm; font-size: 10.5pt; }
  .cards { grid-template-columns: repeat(3, 1fr); gap: 2.6mm; }
  article { padding: 2.6mm 2.4mm 1.4mm; }
  .shares { margin: 1.1mm 0; gap: 1mm 3mm; }
  .shares dd { font-size: 10pt; }
  .columns { grid-template-columns: 1fr 1fr; gap: 0 8mm; }
  .terms { columns: 2; column-gap: 8mm; }
  .terms > div { margin-bottom: .6mm; }
  .terms dt, .terms dd { display: inline; }
  .terms dt::after { content: ": "; }
  th, td, .figure { padding-top: .5mm; padding-bottom: .5mm; }
  footer { margin-top: 2mm; padding-top: 1mm; }
}
`;
