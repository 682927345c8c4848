// Proof of work, where a program asks for it: the browser looks for a number whose hash begins with so many zero bits.
// Expects <form data-proof="challenge" data-bits="14"> with <input type="hidden" name="proof">. Without scripts one waits instead.
"use strict";
(async () => {
  const form = document.querySelector("form[data-proof]");
  const field = form?.querySelector("input[name=proof]");
  if (!field || !window.crypto?.subtle) return;
  const bits = Number(form.dataset.bits), encoder = new TextEncoder();
  const zeros = (bytes) => {
    for (let i = 0, left = bits; left > 0; i += 1, left -= 8) {
      if (bytes[i] >> Math.max(0, 8 - left)) return false;
    }
    return true;
  };
  for (let n = 0; ; n += 64) {
    const tries = Array.from({ length: 64 }, (_, i) => n + i);
    const hashes = await Promise.all(tries.map((t) => crypto.subtle.digest("SHA-256", encoder.encode(`${form.dataset.proof}:${t}`))));
    const hit = hashes.findIndex((hash) => zeros(new Uint8Array(hash)));
    if (hit >= 0) { field.value = String(tries[hit]); return; }
  }
})();
