/** Draws people and things over a clip; pixel coordinates of the analysed picture, scaled by the caller. */
import type { Box, Keypoint, SkeletonFrame, SkeletonPerson } from '../api/types'

/** Pairs of COCO 2017 keypoints that a bone joins. */
export const BONES: readonly (readonly [number, number])[] = [
  [5, 6], [5, 7], [7, 9], [6, 8], [8, 10], [5, 11], [6, 12], [11, 12],
  [11, 13], [13, 15], [12, 14], [14, 16], [0, 1], [0, 2], [1, 3], [2, 4],
]

/** Bright enough over any picture; told apart by hue and by lightness. */
export const COLOURS = { staff: '#4de1ff', public: '#ffb347', other: '#d0d4da', thing: '#ff7ac8' } as const

const SURE = 0.3

export interface Scale {
  x: number
  y: number
  left: number
  top: number
}

export function draw(
  to: CanvasRenderingContext2D,
  frame: SkeletonFrame,
  scale: Scale,
  name: (kind: string) => string,
): void {
  for (const person of frame.persons) drawPerson(to, person, scale)
  for (const thing of frame.things) drawThing(to, thing.box, name(thing.kind), scale)
}

function drawPerson(to: CanvasRenderingContext2D, person: SkeletonPerson, scale: Scale): void {
  const colour = COLOURS[person.zone ?? 'other']
  rectangle(to, person.box, colour, scale, 1.5)
  const joints = person.keypoints
  if (!joints) return
  to.lineWidth = 2.5
  to.strokeStyle = colour
  to.beginPath()
  for (const [from, until] of BONES) bone(to, joints[from], joints[until], scale)
  to.stroke()
  to.fillStyle = '#ffffff'
  for (const joint of joints) dot(to, joint, scale)
}

function bone(to: CanvasRenderingContext2D, a: Keypoint | undefined, b: Keypoint | undefined, scale: Scale): void {
  if (!a || !b || a[2] < SURE || b[2] < SURE) return
  to.moveTo(scale.left + a[0] * scale.x, scale.top + a[1] * scale.y)
  to.lineTo(scale.left + b[0] * scale.x, scale.top + b[1] * scale.y)
}

function dot(to: CanvasRenderingContext2D, [x, y, confidence]: Keypoint, scale: Scale): void {
  if (confidence < SURE) return
  to.beginPath()
  to.arc(scale.left + x * scale.x, scale.top + y * scale.y, 2, 0, 2 * Math.PI)
  to.fill()
}

function drawThing(to: CanvasRenderingContext2D, box: Box, name: string, scale: Scale): void {
  rectangle(to, box, COLOURS.thing, scale, 2)
  to.font = '12px sans-serif'
  to.fillStyle = COLOURS.thing
  to.strokeStyle = 'rgba(0,0,0,.75)'
  to.lineWidth = 3
  const x = scale.left + box[0] * scale.x
  const y = scale.top + box[1] * scale.y - 4
  to.strokeText(name, x, y)
  to.fillText(name, x, y)
}

function rectangle(to: CanvasRenderingContext2D, box: Box, colour: string, scale: Scale, width: number): void {
  to.strokeStyle = colour
  to.lineWidth = width
  const [x1, y1, x2, y2] = box
  to.strokeRect(scale.left + x1 * scale.x, scale.top + y1 * scale.y, (x2 - x1) * scale.x, (y2 - y1) * scale.y)
}

/** How a picture of `size` lies inside an element of `width` × `height` that shows all of it (contain). */
export function contain(size: readonly [number, number], width: number, height: number): Scale {
  const factor = Math.min(width / size[0], height / size[1])
  return { x: factor, y: factor, left: (width - size[0] * factor) / 2, top: (height - size[1] * factor) / 2 }
}
