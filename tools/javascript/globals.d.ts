// What the pages know beside the browser's own: for the checker only.
import type { Drafts } from "../../ais_app/web/drafts/drafts.js";

declare global {
  interface Window {
    aisDrafts?: Drafts; // web/drafts: the drafts of the page's forms
    ahead?: { at: string; answer: Promise<Response> }; // js/ahead.js: the view that is asked for before the page stands
  }
}

declare module "react" {
  interface CSSProperties {
    [variable: `--${string}`]: string | number;
  }
}
