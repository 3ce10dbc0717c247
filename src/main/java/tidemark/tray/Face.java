package tidemark.tray;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;

/** What the icon looks like: the page's words and colours, and a shape for who sees no colours. */
enum Face {
  CONNECTED("connected", 0x17703f) {
    @Override
    Shape shape() {
      return line(5, 10.5, 8.2, 13.7, 15, 7);
    }
  },
  SYNCING("syncing", 0x0b6e7f) {
    @Override
    Shape shape() {
      Path2D arrows = line(15.5, 4.2, 15.2, 7.8, 11.8, 7);
      arrows.append(line(4.5, 15.8, 4.8, 12.2, 8.2, 13), false);
      arrows.append(new Arc2D.Double(4.5, 4.5, 11, 11, 30, 130, Arc2D.OPEN), false);
      arrows.append(new Arc2D.Double(4.5, 4.5, 11, 11, 210, 130, Arc2D.OPEN), false);
      return arrows;
    }
  },
  ATTENTION("attention", 0x8a5300) {
    @Override
    Shape shape() {
      Path2D question = line(10, 15, 10, 15.1);
      question.append(new Arc2D.Double(6.8, 4.4, 6.4, 6, 170, -230, Arc2D.OPEN), false);
      question.append(line(11.3, 9.9, 10, 11.6), false);
      return question;
    }
  },
  OFFLINE("offline", 0x8a5300) {
    @Override
    Shape shape() {
      return line(5.5, 5.5, 14.5, 14.5);
    }
  },
  ERROR("error", 0xb3261e) {
    @Override
    Shape shape() {
      Path2D mark = line(10, 4.5, 10, 11);
      mark.append(line(10, 15, 10, 15.1), false);
      return mark;
    }
  },
  PAUSED("paused", 0x586273) {
    @Override
    Shape shape() {
      Path2D bars = line(7.5, 6, 7.5, 14);
      bars.append(line(12.5, 6, 12.5, 14), false);
      return bars;
    }
  };

  /** The shapes are drawn on a square of this size. */
  private static final double SQUARE = 20;

  private static final float PEN = 2.4f;

  private final String word;
  private final int colour;

  Face(String word, int colour) {
    this.word = word;
    this.colour = colour;
  }

  /**
   * @param state in the words of the contract
   */
  static Face of(String state, boolean paused) {
    return switch (state) {
      case "connected" -> paused ? PAUSED : CONNECTED;
      case "syncing" -> SYNCING;
      case "attention" -> ATTENTION;
      case "offline" -> OFFLINE;
      default -> ERROR;
    };
  }

  String word() {
    return word;
  }

  Color colour() {
    return new Color(colour);
  }

  abstract Shape shape();

  BufferedImage drawn(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    pen.scale(width / SQUARE, height / SQUARE);
    pen.setColor(colour());
    pen.fill(new Ellipse2D.Double(0, 0, SQUARE, SQUARE));
    pen.setColor(Color.WHITE);
    pen.setStroke(new BasicStroke(PEN, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    pen.draw(shape());
    pen.dispose();
    return image;
  }

  private static Path2D line(double x, double y, double... more) {
    Path2D line = new Path2D.Double();
    line.moveTo(x, y);
    for (int i = 0; i < more.length; i += 2) {
      line.lineTo(more[i], more[i + 1]);
    }
    return line;
  }
}
