import { useAppearance } from '../app/appearance'
import { useSpeech } from '../i18n/language'
import { Chart } from './Chart'
import type { Table } from './figures'
import { percent } from './grades'
import { paletteOf } from './palette'

interface Properties {
  table: Table
  name: (bucket: string) => string
  choose: (bucket: string) => void
}

/** The hall's compliance over time above the coverage that it rests on; hollow where less than half was seen. */
export function TrendChart({ table, name, choose }: Properties) {
  const { t } = useSpeech()
  const colours = paletteOf(useAppearance().dark)
  const rows = table.buckets.map(({ bucket }) => table.rows.find((row) => row.bucket === bucket))
  const shares = rows.map((row) => (row?.compliance === null || !row ? null : row.compliance * 100))
  const least = Math.min(...shares.map((share) => share ?? 100))
  const axis = { axisLabel: { color: colours.ink }, splitLine: { lineStyle: { color: colours.line } } }
  const options = {
    grid: { left: 8, right: 8, top: 34, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 16, itemHeight: 10, textStyle: { color: colours.ink } },
    tooltip: { trigger: 'axis', valueFormatter: (value: number | null) => (value === null ? '–' : percent(value / 100, '–')) },
    xAxis: { type: 'category', data: table.buckets.map(({ bucket }) => name(bucket)), axisLabel: { color: colours.ink }, axisTick: { show: false }, axisLine: { lineStyle: { color: colours.line } } },
    yAxis: [
      // Compliance is read to a tenth of a point, coverage is not: each has its own axis.
      { ...axis, type: 'value', min: Math.max(0, Math.floor((least - 1) / 5) * 5), max: 100, axisLabel: { color: colours.ink, formatter: '{value}%' } },
      { type: 'value', min: 0, max: 100, axisLabel: { color: colours.grey, formatter: '{value}%' }, splitLine: { show: false } },
    ],
    series: [
      { type: 'bar', name: t('dashboard.coverage'), yAxisIndex: 1, barMaxWidth: 26, itemStyle: { color: colours.cover }, data: rows.map((row) => (row?.coverage == null ? null : row.coverage * 100)) },
      {
        type: 'line',
        name: t('dashboard.compliance'),
        symbol: 'circle',
        lineStyle: { color: colours.compliance, width: 2 },
        itemStyle: { color: colours.compliance },
        data: rows.map((row, index) => ({
          value: shares[index] ?? null,
          symbolSize: row?.enough ? 7 : 9,
          symbol: row?.enough ? 'circle' : 'emptyCircle',
          itemStyle: { color: row?.enough ? colours.compliance : colours.grey },
        })),
      },
    ],
  }
  const open = (index: number) => {
    const found = table.buckets[index]
    if (found) choose(found.bucket)
  }
  return <Chart options={options} height={230} label={t('dashboard.trend')} choose={open} />
}
