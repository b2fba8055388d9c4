import { BarChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

import type { Counts } from '../api/types'
import { useAppearance } from '../app/appearance'
import { FONTS } from '../app/theme'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'

use([BarChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

const STATES = ['confirmed', 'pending', 'dismissed'] as const
const PALETTE = {
  light: { confirmed: '#b3261e', pending: '#d9a13b', dismissed: '#9aa5b4', ink: '#1b2430', line: '#d9dfe7' },
  dark: { confirmed: '#e0675c', pending: '#d9a441', dismissed: '#6d7887', ink: '#e6eaf0', line: '#353d49' },
}

/** How many events of each behaviour, and how they were judged. */
export function BehaviourChart({ counts }: { counts: Record<string, Counts> }) {
  const place = useRef<HTMLDivElement>(null)
  const { t } = useSpeech()
  const { dark } = useAppearance()
  const names = useNames()
  const codes = Object.keys(counts).sort((a, b) => all(counts[a]) - all(counts[b]))
  useEffect(() => {
    if (!place.current) return
    const chart = init(place.current)
    const colours = PALETTE[dark ? 'dark' : 'light']
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: FONTS },
      grid: { left: 8, right: 24, top: 30, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 10, textStyle: { color: colours.ink } },
      tooltip: { trigger: 'axis', axisPointer: { type: 'none' } },
      xAxis: { type: 'value', minInterval: 1, axisLabel: { color: colours.ink }, splitLine: { lineStyle: { color: colours.line } } },
      yAxis: { type: 'category', data: codes.map(names.behaviour), axisLabel: { color: colours.ink }, axisTick: { show: false }, axisLine: { lineStyle: { color: colours.line } } },
      series: STATES.map((state) => ({
        type: 'bar',
        stack: 'events',
        name: t(`hours.${state}`),
        barMaxWidth: 16,
        itemStyle: { color: colours[state] },
        data: codes.map((code) => counts[code]?.[state] ?? 0),
      })),
    })
    const watcher = new ResizeObserver(() => chart.resize())
    watcher.observe(place.current)
    return () => {
      watcher.disconnect()
      chart.dispose()
    }
  })
  return <div ref={place} role="img" aria-label={t('hours.behaviours')} style={{ height: 48 + codes.length * 28 }} />
}

const all = (counts: Counts | undefined) => (counts ? counts.confirmed + counts.pending + counts.dismissed : 0)
