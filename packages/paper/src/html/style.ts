/** A4, margins and type sizes of NĐ 30/2020/NĐ-CP, phụ lục I. */
export const styleOf = (orientation: 'portrait' | 'landscape'): string => `
@page { size: A4 ${orientation}; margin: ${orientation === 'portrait' ? '20mm 17mm 20mm 30mm' : '15mm 12mm 15mm 15mm'} }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: ${orientation === 'portrait' ? '163mm' : '270mm'}; padding: 8mm 0; color: #000; background: #fff;
  font: 13pt/1.35 "Times New Roman", Tinos, "Liberation Serif", serif; overflow-wrap: anywhere }
header { display: grid; grid-template-columns: 45% 55%; text-align: center; font-size: 12pt; column-gap: 0; row-gap: 2mm }
header p { margin: 0 }
.b { font-weight: bold }
.i { font-style: italic }
.rule::after { content: ""; display: block; width: 25mm; margin: 1mm auto 0; border-top: 0.5pt solid }
.motto { font-size: 13pt; font-weight: bold }
.qr { width: 22mm; height: 22mm; margin-top: 1mm }
figure { margin: 4mm 0; display: flex; gap: 5mm; align-items: center; break-inside: avoid }
figure .qr { width: 38mm; height: 38mm; flex: none; margin: 0 }
figcaption { font-size: 11pt }
h1 { font-size: 14pt; text-align: center; margin: 7mm 0 1mm }
.sub { text-align: center; font-style: italic; margin: 0 0 5mm }
dl { margin: 0 }
dl > div { display: flex; flex-wrap: wrap; column-gap: 8mm }
dl > div > div { margin: 0.8mm 0; flex: 1 1 auto }
dl > div > div:only-child { flex-basis: 100% }
dt, dd { display: inline; margin: 0 }
dd { white-space: normal }
p { margin: 0.8mm 0 }
main > p { text-indent: 10mm }
.centre { text-align: center; text-indent: 0 !important; margin-bottom: 4mm }
ol { margin: 0.8mm 0; padding-left: 14mm }
table { width: 100%; border-collapse: collapse; margin: 3mm 0; table-layout: fixed; font-size: 12pt }
table.small { font-size: 8pt; line-height: 1.2 }
caption { text-align: left; font-style: italic; font-size: 12pt }
th, td { border: 0.5pt solid; padding: 1mm 1.2mm; vertical-align: top; text-align: left }
th, td.c { text-align: center }
th { vertical-align: middle }
thead { display: table-header-group }
tr { break-inside: avoid }
.signatures { display: flex; justify-content: space-around; text-align: center; margin-top: 6mm; break-inside: avoid }
.signatures.one { justify-content: flex-end }
.signatures > div { width: 45% }
.signatures p { margin: 0; text-indent: 0 }
.signatures .name { margin-top: 22mm; font-weight: bold }
.note { font-size: 11pt; font-style: italic; margin-top: 6mm; text-indent: 0 }
@media screen and (max-width: 700px) { body { padding: 4mm } header { grid-template-columns: 1fr } .wide { overflow-x: auto } }
`;
