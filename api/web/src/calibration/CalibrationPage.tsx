import { useParams } from 'react-router'

import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import './calibration.css'
import { Editor } from './Editor'
import { useCalibration } from './queries'

/** One camera's floor and zones, drawn on a still of its picture. */
export default function CalibrationPage() {
  const camera = useParams()['camera'] ?? ''
  const calibration = useCalibration(camera)
  if (calibration.data) return <Editor key={camera} camera={camera} calibration={calibration.data} />
  if (calibration.isError) return <div className="page"><Failure error={calibration.error} retry={() => void calibration.refetch()} /></div>
  return <Loading />
}
