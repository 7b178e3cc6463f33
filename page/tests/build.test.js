// The built page is one file, built from these sources.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { BUILT, build, modules } from "../build.js";
import { BOUNDARY } from "../src/crew.js";

const page = build();
const script = page.slice(
  page.indexOf('<script type="module">') + 22,
  page.lastIndexOf("</script>"),
);

test("the page in the library is built from these sources: else run `make page`", () => {
  assert.ok(readFileSync(BUILT, "utf8") === page);
});

test("each module is in the page once", () => {
  const { calculating, showing } = modules();
  const files = readdirSync(new URL("../src", import.meta.url)).filter((f) => f.endsWith(".js"));
  assert.deepEqual([...calculating, ...showing].sort(), files.sort());
});

test("the modules are one module without a name twice", () => {
  const command = ["--check", "--input-type=module", "-"];
  const { status, stderr } = spawnSync(process.execPath, command, { input: script });
  assert.equal(status, 0, String(stderr));
  assert.ok(!/^(import|export) /m.test(script));
});

test("the page needs no other file", () => {
  const code = script.replace(/\/\*.*?\*\//gs, "").replace(/^ *\/\/.*| \/\/ .*/gm, "");
  assert.ok(!/\b(import|fetch|XMLHttpRequest|WebSocket|importScripts)\b/.test(code));
  assert.ok(!/(src|href)="/.test(page));
});

test("workers get what calculates, and nothing that draws", () => {
  const [calculates, draws] = script.split(BOUNDARY);
  assert.ok(calculates.includes("class Study") && !/\bdocument\b/.test(calculates));
  assert.ok(draws.includes("class Page"));
});

test("there is one place for a study", () => {
  assert.equal(page.split('<script type="application/json" id="study"></script>').length, 2);
});
