import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  // In French, a narrow space is before a colon.
  { rules: { "no-irregular-whitespace": ["error", { skipTemplates: true }] } },
  { languageOptions: { globals: globals.browser } },
  { files: ["page/*.js", "page/tests/**", "tests/**"], languageOptions: { globals: globals.node } },
];
