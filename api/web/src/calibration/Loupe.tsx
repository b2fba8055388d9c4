import type { Place } from './content'

const WIDEST = 168
const SHARE = 0.36
const TIMES = 4

/** The picture around a spot, enlarged, in the corner that the spot is not in. */
export function Loupe({ url, at, seen }: { url: string; at: Place; seen: readonly [number, number] }) {
  const [width, height] = seen
  const wide = Math.min(WIDEST, width * SHARE)
  const left = at[0] > 0.5 ? 8 : width - wide - 8
  const part = wide / TIMES
  const box = `${at[0] * width - part / 2} ${at[1] * height - part / 2} ${part} ${part}`
  const half = wide / 2
  return (
    <g className="loupe" transform={`translate(${left} 8)`} pointerEvents="none">
      <rect width={wide} height={wide} rx={6} fill="#0c0f13" />
      <svg width={wide} height={wide} viewBox={box} preserveAspectRatio="none">
        <image href={url} width={width} height={height} preserveAspectRatio="none" />
      </svg>
      <path d={`M${half} 0V${half - 8}M${half} ${half + 8}V${wide}M0 ${half}H${half - 8}M${half + 8} ${half}H${wide}`} />
      <circle cx={half} cy={half} r={1.5} />
      <rect width={wide} height={wide} rx={6} fill="none" />
    </g>
  )
}
