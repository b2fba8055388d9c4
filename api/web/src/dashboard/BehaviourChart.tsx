import { useAppearance } from '../app/appearance'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { Chart } from './Chart'
import type { BehaviourNumbers } from './figures'
import { paletteOf } from './palette'

const STATES = ['confirmed', 'pending', 'dismissed'] as const

/** How many events of each behaviour, and how they were judged. */
export function BehaviourChart({ behaviours, choose }: { behaviours: BehaviourNumbers[]; choose?: (behaviour: string) => void }) {
  const { t } = useSpeech()
  const colours = paletteOf(useAppearance().dark)
  const names = useNames()
  const sorted = [...behaviours].sort((a, b) => all(a) - all(b))
  const options = {
    grid: { left: 8, right: 24, top: 30, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 10, textStyle: { color: colours.ink } },
    tooltip: { trigger: 'axis', axisPointer: { type: 'none' } },
    xAxis: { type: 'value', minInterval: 1, axisLabel: { color: colours.ink }, splitLine: { lineStyle: { color: colours.line } } },
    yAxis: { type: 'category', data: sorted.map((one) => names.behaviour(one.behaviour)), axisLabel: { color: colours.ink }, axisTick: { show: false }, axisLine: { lineStyle: { color: colours.line } } },
    series: STATES.map((state) => ({
      type: 'bar',
      stack: 'events',
      name: t(`dashboard.${state}`),
      barMaxWidth: 16,
      itemStyle: { color: colours[state] },
      data: sorted.map((one) => one[state]),
    })),
  }
  const open = (index: number) => {
    const found = sorted[index]
    if (found) choose?.(found.behaviour)
  }
  return <Chart options={options} height={48 + sorted.length * 26} label={t('dashboard.behaviours')} choose={open} />
}

const all = (counts: BehaviourNumbers) => counts.confirmed + counts.pending + counts.dismissed
