/** Gives the browser a file to keep. */
export function lagre(file: Blob, navn: string) {
  const a = document.createElement('a');
  a.href = URL.createObjectURL(file);
  a.download = navn;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 60_000);
}
