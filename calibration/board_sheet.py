"""The board as a sheet to print: SVG in millimetres, so that any printer keeps its size."""

import cv2
import numpy as np

from calibration.boards import MODULES_A_SQUARE, Board, Image, charuco

MARGIN_MM = 10.0
RULE_MM = 100.0


def sheet_svg(board: Board) -> str:
    """The sheet as SVG, with a rule of 100 mm to check the print against."""
    modules = modules_of(board)
    module_mm = board.square_m * 1000 / MODULES_A_SQUARE
    width, height = (modules.shape[1] * module_mm, modules.shape[0] * module_mm)
    runs = "".join(
        f'<rect x="{x * module_mm:.3f}" y="{y * module_mm:.3f}" width="{length * module_mm:.3f}" '
        f'height="{module_mm + 0.01:.3f}"/>'
        for y, row in enumerate(modules)
        for x, length in _black_runs(row)
    )
    page_w, page_h = max(width, RULE_MM) + 2 * MARGIN_MM, height + 2 * MARGIN_MM + 14
    words = (
        f"hallwatch · {board.kind} {board.columns} × {board.rows} · {board.square_m * 1000:g} mm · "
        "按实际大小打印 print at 100 %"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{page_w:.1f}mm" height="{page_h:.1f}mm" '
        f'viewBox="0 0 {page_w:.1f} {page_h:.1f}"><rect width="100%" height="100%" fill="#fff"/>'
        f'<g transform="translate({MARGIN_MM} {MARGIN_MM})" shape-rendering="crispEdges">{runs}</g>'
        f'<g transform="translate({MARGIN_MM} {MARGIN_MM + height + 5:.1f})" font-size="3.5" '
        f'font-family="sans-serif"><path d="M0 0H{RULE_MM:g}M0 -1.5V1.5M{RULE_MM:g} -1.5V1.5" stroke="#000" '
        f'stroke-width="0.3"/><text x="0" y="6">|← 100 mm →| {words}</text></g></svg>\n'
    )


def modules_of(board: Board) -> Image:
    """The board as a picture of one pixel a module, black 0 and white 255, eight modules a square."""
    width, height = board.columns * MODULES_A_SQUARE, board.rows * MODULES_A_SQUARE
    if board.kind == "charuco":
        return np.asarray(charuco(board).generateImage((width, height)), dtype=np.uint8)
    x, y = np.meshgrid(np.arange(board.columns), np.arange(board.rows))
    squares = np.where((x + y) % 2 == 0, 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(squares, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def _black_runs(row: Image) -> list[tuple[int, int]]:
    """(start, length) of each run of black modules."""
    edges = np.flatnonzero(np.diff(np.concatenate([[255], row, [255]]).astype(np.int16)))
    return [(int(start), int(end - start)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
