import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [react()],
  build: { chunkSizeWarningLimit: 700, assetsInlineLimit: 0 },
  server: { proxy: { '/api': 'http://127.0.0.1:8801' } },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'] },
})
