/** Fonts, sizes and greys of the printed page. Table text is 8 pt, the smallest size used. */
export const fontNames = ['sans', 'sansBold', 'sansItalic', 'mono'] as const
export type FontName = (typeof fontNames)[number]

export type TextStyle = { readonly size: number; readonly lineHeight: number; readonly bold: boolean }

export const styles = {
  title: { size: 26, lineHeight: 32, bold: true },
  subtitle: { size: 12, lineHeight: 17, bold: false },
  section: { size: 17, lineHeight: 23, bold: true },
  heading: { size: 11, lineHeight: 15, bold: true },
  body: { size: 9.5, lineHeight: 14, bold: false },
  small: { size: 8.5, lineHeight: 12, bold: false },
  table: { size: 8, lineHeight: 10.5, bold: false },
  tableHead: { size: 8, lineHeight: 10.5, bold: true },
  code: { size: 8, lineHeight: 10.5, bold: false },
} as const satisfies Record<string, TextStyle>

export const ink = '#111111'
export const faintInk = '#555555'
export const hair = '#CCCCCC'
export const wash = '#F0F0F0'
