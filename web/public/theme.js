// Runs before the first paint: the choice of light or dark is kept per browser (see src/shell/theme.ts).
try {
  const theme = localStorage.getItem('patchbay-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's preference applies then.
}
