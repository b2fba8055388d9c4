import { useEffect, useRef } from 'react'

import type { Skeleton } from '../api/types'
import { useSpeech } from '../i18n/language'
import { contain, draw } from './drawing'
import { frameAt } from './interpolation'

/** The people and things at `at` seconds of the clip, drawn over it. */
export function Overlay({ skeleton, at }: { skeleton: Skeleton; at: number }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { word } = useSpeech()
  useEffect(() => {
    const element = canvas.current
    const to = element?.getContext('2d')
    if (!element || !to) return
    const { clientWidth: width, clientHeight: height } = element
    const ratio = devicePixelRatio || 1
    if (element.width !== Math.round(width * ratio)) element.width = Math.round(width * ratio)
    if (element.height !== Math.round(height * ratio)) element.height = Math.round(height * ratio)
    to.setTransform(ratio, 0, 0, ratio, 0, 0)
    to.clearRect(0, 0, width, height)
    const frame = frameAt(skeleton.frames, at)
    if (frame) draw(to, frame, contain(skeleton.size, width, height), (kind) => word('thing', kind))
  }, [skeleton, at, word])
  return <canvas ref={canvas} aria-hidden />
}
