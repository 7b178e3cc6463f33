/* global packed */
// Save what the picture shows as CSV, or as it is drawn in light: as SVG, or as PNG with 300 dots per inch.
const DOTS = 300 / 96; // per pixel of CSS

const save = (blob, type) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = document.title + "." + type;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

document.querySelectorAll(".save button").forEach((button) => {
  button.onclick = () => {
    if (button.dataset.type === "csv") {
      const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
      const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
      return new Response(unpacked).blob().then((file) => save(file, "csv"));
    }
    const shown = [...document.querySelectorAll("figure svg")].find((svg) => svg.clientWidth);
    const svg = shown.cloneNode(true);
    const { width, height } = shown.viewBox.baseVal; // in points: 72 are an inch
    svg.setAttribute("width", width + "pt");
    svg.setAttribute("height", height + "pt");
    const text = new XMLSerializer().serializeToString(svg);
    const file = new Blob([text], { type: "image/svg+xml" });
    if (button.dataset.type === "svg") return save(file, "svg");
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = Math.round((width * 96 * DOTS) / 72);
      canvas.height = Math.round((height * 96 * DOTS) / 72);
      const context = canvas.getContext("2d");
      context.fillStyle = "white";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(blob, "png"));
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  };
});
