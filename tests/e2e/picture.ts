import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright-core";
import { OwnProduct } from "./setup/own-product.ts";

/*
 * `npm run picture`: the README's picture of the product, taken anew from the demonstration. A product of its own is started,
 * somebody signs in, one page is drawn as WebP. `-- --page PATH --account NAME --lng en|zh-CN --height N --out FILE` takes another.
 */

const root = new URL("../..", import.meta.url).pathname;
const { values } = parseArgs({
  options: {
    page: { type: "string", default: "/national" },
    account: { type: "string", default: "director" },
    lng: { type: "string", default: "en" },
    height: { type: "string", default: "800" },
    out: { type: "string", default: "app/ui/picture.webp" },
  },
});
/** Bytes that the repository is ready to carry. */
const most = 200_000;
/** Sharp on screens of two dots a pixel; of the qualities the first whose file is small enough. */
const [width, density, qualities] = [1440, 2, [0.9, 0.8, 0.7, 0.6]];

async function signIn(page: Page, url: string, { email, password }: { email: string; password: string }) {
  await page.goto(`${url}/login?lng=${values.lng}`);
  await page.fill('[name="email"]', email);
  await page.fill('[name="password"]', password);
  await page.press('[name="password"]', "Enter");
  await page.waitForURL((at) => at.pathname !== "/login");
}

/** The browser itself makes WebP of what it has drawn, on an empty page, where no policy of ours stands. */
async function asWebp(page: Page, png: Buffer): Promise<Buffer> {
  await page.goto("about:blank");
  for (const quality of qualities) {
    const data = await page.evaluate(
      async ([source, q]) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
        canvas.getContext("2d")?.drawImage(image, 0, 0);
        return canvas.toDataURL("image/webp", q);
      },
      [`data:image/png;base64,${png.toString("base64")}`, quality] as const,
    );
    const bytes = Buffer.from(data.slice(data.indexOf(",") + 1), "base64");
    if (bytes.length < most) return bytes;
  }
  throw new Error(`The picture is larger than ${most} bytes at every quality: take less of the page (--height).`);
}

const product = new OwnProduct();
try {
  await product.start({ ANSHI_DEMO: "1" });
  const accounts = JSON.parse(readFileSync(join(product.dataDir, "demo-accounts.json"), "utf8")) as {
    email: string;
    password: string;
  }[];
  const account = accounts.find(({ email }) => email.split("@")[0] === values.account);
  if (!account) throw new Error(`The demonstration has no account ${values.account}.`);
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage({
      viewport: { width, height: Number(values.height) },
      deviceScaleFactor: density,
      colorScheme: "light",
      reducedMotion: "reduce",
    });
    await signIn(page, product.url, account);
    await page.goto(product.url + values.page, { waitUntil: "networkidle" });
    const file = join(root, values.out);
    writeFileSync(file, await asWebp(page, await page.screenshot()));
    process.stdout.write(`${values.out}: ${statSync(file).size} bytes\n`);
  } finally {
    await browser.close();
  }
} finally {
  await product.remove();
}
