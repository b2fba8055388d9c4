import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type EChartsCoreOption } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

import { FONTS } from '../app/theme'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

interface Properties {
  options: EChartsCoreOption
  height: number
  /** what it shows, to who cannot see it */
  label: string
  /** told which place along the category axis was clicked */
  choose?: (index: number) => void
}

/** A drawing by ECharts that fits its place. */
export function Chart({ options, height, label, choose }: Properties) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!place.current) return
    const chart = init(place.current)
    chart.setOption({ animation: false, textStyle: { fontFamily: FONTS }, ...options })
    if (choose) chart.on('click', ({ dataIndex }) => choose(dataIndex))
    const watcher = new ResizeObserver(() => chart.resize())
    watcher.observe(place.current)
    return () => {
      watcher.disconnect()
      chart.dispose()
    }
  })
  return <div ref={place} role="img" aria-label={label} style={{ height }} />
}
