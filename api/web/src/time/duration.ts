/** A length of time as people say it; seconds below two minutes, then minutes and seconds, then hours. */
export function duration(seconds: number, language: string): string {
  const whole = Math.round(seconds)
  const [h, min, s] = language === 'zh' ? [' 小时', ' 分', ' 秒'] : [' h', ' min', ' s']
  if (whole < 120) return `${whole}${s}`
  if (whole < 7200) return whole % 60 ? `${Math.floor(whole / 60)}${min} ${whole % 60}${s}` : `${whole / 60}${min}`
  return `${(whole / 3600).toFixed(1)}${h}`
}
