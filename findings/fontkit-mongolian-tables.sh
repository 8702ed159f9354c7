#!/usr/bin/env bash
# Surprise: fontkit, which sets the text of pdfkit and react-pdf, announces shaping for Mongolian, but with Noto Sans Mongolian
# (the one free font most people take) layout() throws «Not a fixed size»: its reader of OpenType tables meets a list in the
# font's substitution rules whose entries it cannot measure. The character map works, so asking whether the font has a
# character says yes, and the error comes at the first word. HarfBuzz shapes the same word with the same file.
# Versions: fontkit 2.0.4, harfbuzzjs 1.6.4, @expo-google-fonts/noto-sans-mongolian 0.4.1.
# Source: OpenType 1.9, GSUB; fontkit's src/opentype and restructure's ArrayT.
# Who meets it: whoever prints names in the Mongolian script with pdfkit, react-pdf or fontkit alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund fontkit@2.0.4 harfbuzzjs@1.6.4 @expo-google-fonts/noto-sans-mongolian@0.4.1
cat > try.mjs <<'JS'
import { readFileSync } from "node:fs";
import { openSync } from "fontkit";
import * as hb from "harfbuzzjs";
const file = "node_modules/@expo-google-fonts/noto-sans-mongolian/400Regular/NotoSansMongolian_400Regular.ttf";
const word = "ᠮᠣᠩᠭᠣᠯ";
const font = openSync(file);
const has = [...word].every((c) => font.hasGlyphForCodePoint(c.codePointAt(0)));
let said;
try { said = `${font.layout(word).glyphs.length} glyphs`; } catch (error) { said = `throws: ${error.message}`; }
const shaper = new hb.Font(new hb.Face(new hb.Blob(Uint8Array.from(readFileSync(file)).buffer)));
const buffer = new hb.Buffer();
buffer.addText(word);
buffer.guessSegmentProperties();
hb.shape(shaper, buffer);
const glyphs = buffer.getGlyphInfos().map((info) => info.codepoint);
console.log(`fontkit 2.0.4 on Node ${process.version}: has every character: ${has}; layout ${said}`);
console.log(`harfbuzzjs 1.6.4: ${glyphs.length} glyphs: ${glyphs.join(" ")}`);
process.exit(has && said === "throws: Not a fixed size" && glyphs.length > 0 && !glyphs.includes(0) ? 0 : 1);
JS
node try.mjs
