#!/usr/bin/env bash
# Surprise: fontkit opens a WOFF2 file and gives its characters, advances and outlines, so it looks as good as a TTF; but
# createSubset().encode() throws «Cannot read properties of undefined»: the packed form has transformed outlines and no table
# of their places, which the writer of subsets reads. pdfkit embeds fonts by that call, so a document fails at its end, when
# the file is written. Unpacked first, the same file goes through.
# Versions: fontkit 2.0.4, woff2-encoder 2.0.0, hanamin 0.0.5 (a WOFF2 of a thousand rare Han characters).
# Source: WOFF 2.0 (W3C), 5.1 and 5.3; fontkit's TTFSubset and WOFF2Font.
# Who meets it: whoever takes fonts from packages made for the web and prints with pdfkit or react-pdf.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund fontkit@2.0.4 woff2-encoder@2.0.0 hanamin@0.0.5
cat > try.mjs <<'JS'
import { readFileSync } from "node:fs";
import { create } from "fontkit";
import decompress from "woff2-encoder/decompress";
const packed = readFileSync("node_modules/hanamin/HanaMinB.CJK-Unified-Ideographs-Extension-B-03.woff2");
function subset(bytes) {
  const font = create(Buffer.from(bytes));
  const glyph = font.glyphForCodePoint(0x20bb7);
  const read = `${glyph.path.commands.length} commands of outline`;
  const cut = font.createSubset();
  try {
    cut.includeGlyph(glyph.id);
    return { read, made: `${cut.encode().length} bytes` };
  } catch (error) {
    return { read, made: `throws: ${error.message}` };
  }
}
const [web, plain] = [subset(packed), subset(await decompress(packed))];
console.log(`fontkit 2.0.4 on Node ${process.version}, U+20BB7 from WOFF2: ${web.read}; subset ${web.made}`);
console.log(`the same file unpacked: ${plain.read}; subset ${plain.made}`);
process.exit(web.made.startsWith("throws: Cannot read properties of undefined") && /^\d+ bytes$/.test(plain.made) ? 0 : 1);
JS
node try.mjs
