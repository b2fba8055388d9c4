/** Colours of the charts, which cannot read the style sheet's variables. */
const LIGHT = { confirmed: '#b3261e', pending: '#d9a13b', dismissed: '#9aa5b4', compliance: '#1f5fa8', cover: '#d5dde8', ink: '#1b2430', line: '#d9dfe7', grey: '#8a94a3' }
const DARK = { confirmed: '#e0675c', pending: '#d9a441', dismissed: '#6d7887', compliance: '#7db4f0', cover: '#333d4a', ink: '#e6eaf0', line: '#353d49', grey: '#7c8796' }

export const paletteOf = (dark: boolean) => (dark ? DARK : LIGHT)
