import { theme, type ThemeConfig } from 'antd'

export const FONTS =
  '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", system-ui, sans-serif'

export function themeFor(dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: dark ? '#3b82d6' : '#1f5fa8',
      colorLink: dark ? '#7db4f0' : '#1f5fa8',
      ...(dark && { colorBgBase: '#12161c', colorBgContainer: '#1b2129', colorBgElevated: '#222a34' }),
      ...(!dark && { colorError: '#b3261e' }),
      fontFamily: FONTS,
      borderRadius: 5,
      colorTextDescription: dark ? '#a9b1bd' : '#5b6470',
      colorTextPlaceholder: dark ? '#8f98a5' : '#6b7480',
    },
  }
}
